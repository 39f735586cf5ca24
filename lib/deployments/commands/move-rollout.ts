import "server-only";
import { ROLLOUTS } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { giveShare } from "@/lib/deployments/desired-change";
import { shareOf } from "@/lib/deployments/rollout";
import { type RolloutRow, readRollout } from "@/lib/deployments/rollout-row";

/** The next stage of a rollout: its share is wanted, and its time and samples count from when the target does it. Endpoint and rollout are locked. */
export async function moveRollout(
  tx: Tx,
  row: RolloutRow,
  { state, step }: { readonly state: "shadow" | "stepping"; readonly step: number },
): Promise<void> {
  const { rollout } = readRollout(row);
  const share = shareOf({ ...rollout, state, step });
  const endpoint = await tx.endpoint.findUniqueOrThrow({ where: { id: row.endpointId } });
  await tx.rollout.update({
    where: { id: row.id },
    data: { state, step, stageSince: null, extraSeconds: 0, extraSamples: 0 },
  });
  const desired = giveShare(endpoint, row.candidateId, share);
  await tx.endpoint.update({ where: { id: endpoint.id }, data: desired });
  await recordRolloutEvent(tx, row, {
    kind: "advanced",
    actor: ROLLOUTS,
    reason: share.shadow ? "on to the shadow" : `on to ${share.percent} %`,
    before: { generation: endpoint.generation },
    after: { stage: state, step, percent: share.percent, generation: desired.generation },
  });
}
