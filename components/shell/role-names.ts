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
  scientist: "Drafts contracts, asks for promotions, watches the model live",
  owner: "Owns use cases, signs their contracts",
  sre: "Signs what can be kept, watches endpoints and clauses",
  validator: "Checks the model, decides on promotions",
  governance: "Signs contracts, decides on promotions, reads the audit log",
  finance: "Reads what is promised and what is served",
  auditor: "Reads everything, changes nothing",
  admin: "Looks after the installation",
  ci: "Registers versions, delivers ground truth",
};
