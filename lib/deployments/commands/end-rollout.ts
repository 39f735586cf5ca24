import "server-only";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { serveInstead, withoutCanary } from "@/lib/deployments/desired-change";
import type { RolloutRow } from "@/lib/deployments/rollout-row";

export type RolloutEnd = {
  readonly state: "completed" | "rolled_back" | "stopped";
  readonly reason: string;
  readonly actor: AuditActor;
};

/**
 * Ends a rollout that is open, and wants what follows from it in one change: the candidate serves and the incumbent is warm (completed),
 * or every request goes to what serves (rolled back, stopped). The endpoint and the rollout are locked.
 */
export async function endRollout(tx: Tx, row: RolloutRow, end: RolloutEnd): Promise<void> {
  const { state, reason, actor } = end;
  const endpoint = await tx.endpoint.findUniqueOrThrow({ where: { id: row.endpointId } });
  await tx.rollout.update({
    where: { id: row.id },
    data: { state, reason, endedBy: actor.email, endedAt: new Date() },
  });
  const desired = state === "completed" ? serveInstead(endpoint, row.candidateId) : withoutCanary(endpoint);
  await tx.endpoint.update({ where: { id: endpoint.id }, data: desired });
  const serving = state === "completed" ? row.candidate.name : row.incumbent.name;
  await recordRolloutEvent(tx, row, {
    kind: state,
    ...{ actor, reason },
    before: { serving: row.incumbent.name, generation: endpoint.generation },
    after: { serving, generation: desired.generation },
  });
}
