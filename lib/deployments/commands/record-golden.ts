import "server-only";
import { ROLLOUTS } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { lockRollout } from "@/lib/deployments/commands/lock-rollout";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import type { GoldenResult } from "@/lib/deployments/rollout";

/** Keeps what a candidate answered to the golden set, once. Does nothing, and says so with false, when that is known or not asked any more. */
export async function recordGolden(tx: Tx, id: string, golden: GoldenResult): Promise<boolean> {
  const row = await lockRollout(tx, id);
  if (row?.state !== "checking" || row.golden !== null) return false;
  await tx.rollout.update({ where: { id }, data: { golden } });
  await recordRolloutEvent(tx, row, { kind: "golden", actor: ROLLOUTS, reason: golden.words, after: { golden } });
  return true;
}
