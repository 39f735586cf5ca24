import { permissionReason } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/schema";
import type { VersionState } from "@/lib/registry/schema";

/** Why a person may not have a version measured; null: they may. */
export function evidenceReason(principal: Pick<Principal, "roles">, state: VersionState): string | null {
  if (state === "failed") return "The version could not be verified: it cannot run.";
  if (state === "pending") return "The version is being verified: it can be measured then.";
  return permissionReason(principal, "evidence:run");
}
