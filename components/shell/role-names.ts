import type { Role } from "@/lib/auth/schema";

/** What a role is called in the interface. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  scientist: "Data scientist",
  owner: "Use case owner",
  sre: "Site reliability",
  validator: "Validator",
  governance: "Governance",
  finance: "Finance",
  auditor: "Auditor",
  admin: "Administrator",
  ci: "Service account",
};

/** What a role comes to do. */
export const ROLE_TASKS: Readonly<Record<Role, string>> = {
  scientist: "drafts contracts, asks for promotions, watches the model live",
  owner: "owns use cases, signs their contracts",
  sre: "signs what can be kept, watches endpoints and clauses",
  validator: "checks the model, decides on promotions",
  governance: "signs contracts, decides on promotions, reads the audit log",
  finance: "reads what is promised and what is served",
  auditor: "reads everything, changes nothing",
  admin: "looks after the installation",
  ci: "registers versions, delivers ground truth",
};
