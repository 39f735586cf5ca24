import { can, type Permission, rolesWith } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/schema";

/** Why a person may not do something, naming the roles that may; null: they may. */
export function permissionReason(principal: Pick<Principal, "roles">, permission: Permission): string | null {
  return can(principal, permission) ? null : `Needs the role ${rolesWith(permission).join(" or ")}.`;
}
