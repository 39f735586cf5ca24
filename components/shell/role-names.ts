import type { Role } from "@/lib/auth/schema";

/** What a role is called in the interface. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  scientist: "Data scientist",
  owner: "Use-case owner",
  sre: "Site reliability",
  validator: "Validator",
  governance: "Governance",
  finance: "Finance",
  auditor: "Auditor",
  admin: "Administrator",
  ci: "Service account",
};
