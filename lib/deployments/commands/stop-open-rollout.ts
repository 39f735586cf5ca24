import "server-only";
import type { Tx } from "@/lib/db";
import type { RolloutEnd } from "@/lib/deployments/commands/end-rollout";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { OPEN_ROLLOUT_STATES } from "@/lib/deployments/rollout";
import { ROLLOUT_NAMES } from "@/lib/deployments/rollout-row";

/**
 * Something else is made to serve: a rollout that is open on the endpoint has nothing to take over from any more, and ends. The endpoint is
 * locked; the caller's change of it takes the candidate off. Does nothing where no rollout is open.
 */
export async function stopOpenRollout(
  tx: Tx,
  endpointId: string,
  { reason, actor }: Omit<RolloutEnd, "state">,
): Promise<void> {
  const open = { endpointId, state: { in: [...OPEN_ROLLOUT_STATES] } };
  await tx.$queryRaw`SELECT id FROM rollout WHERE endpoint_id = ${endpointId}::uuid FOR UPDATE`;
  const row = await tx.rollout.findFirst({ where: open, include: ROLLOUT_NAMES });
  if (!row) return;
  await tx.rollout.update({
    where: { id: row.id },
    data: { state: "stopped", reason, endedBy: actor.email, endedAt: new Date() },
  });
  await recordRolloutEvent(tx, row, { kind: "stopped", actor, reason });
}
