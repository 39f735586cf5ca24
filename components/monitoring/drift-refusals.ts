import { permissionReason } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/schema";
import type { BaselineProposal, EndpointDrift } from "@/lib/monitoring/drift-view";

/** Why a person cannot propose the present window as the new reference; null: they can. Said before the click. */
export function proposeRefusal(principal: Principal, drift: EndpointDrift): string | null {
  const { baseline, proposals, window, troubled } = drift;
  const [open] = proposals;
  const breached = troubled.find(({ kind, state }) => kind === "quality" && state === "breached");
  return (
    permissionReason(principal, "baseline:propose") ??
    (baseline === null || window === null ? "There is no reference whose bins a new one could have." : null) ??
    (open ? `The proposal of ${open.proposedBy} waits for its decision.` : null) ??
    (breached ? `${breached.name} is breached: a reference of these rows would hide why.` : null)
  );
}

/** Why a person cannot decide on a proposal; null: they can. */
export function decideRefusal(principal: Principal, proposal: BaselineProposal): string | null {
  return (
    permissionReason(principal, "baseline:accept") ??
    (proposal.proposedById === principal.id ? "Somebody else than who proposed it decides." : null)
  );
}
