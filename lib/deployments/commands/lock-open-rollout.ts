import "server-only";
import type { Tx } from "@/lib/db";
import { lockRollout } from "@/lib/deployments/commands/lock-rollout";
import { OPEN_ROLLOUT_STATES } from "@/lib/deployments/rollout";
import type { RolloutRow } from "@/lib/deployments/rollout-row";
import { AppError } from "@/lib/errors";

/** A rollout that has not ended, locked with its endpoint. `not_found`, or `conflict` for one that has. */
export async function lockOpenRollout(tx: Tx, id: string): Promise<RolloutRow> {
  const row = await lockRollout(tx, id);
  if (!row) throw new AppError("not_found", "There is no such rollout.");
  if (OPEN_ROLLOUT_STATES.some((state) => state === row.state)) return row;
  const message = `The rollout of ${row.candidate.name} ended already: ${row.state.replace("_", " ")}.`;
  throw new AppError("conflict", message, undefined, { subject: row.endpoint.name });
}
