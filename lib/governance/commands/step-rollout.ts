import "server-only";
import { ROLLOUTS } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { endRollout, type RolloutEnd } from "@/lib/deployments/commands/end-rollout";
import { lockRollout } from "@/lib/deployments/commands/lock-rollout";
import { moveRollout } from "@/lib/deployments/commands/move-rollout";
import { type NextStep, OPEN_ROLLOUT_STATES, type RolloutState } from "@/lib/deployments/rollout";
import type { RolloutRow } from "@/lib/deployments/rollout-row";
import type { SeenRollout } from "@/lib/deployments/rollout-schema";
import { concludeRollout } from "@/lib/governance/commands/conclude-rollout";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";

export type RolloutLook = {
  readonly id: string;
  readonly promotionId: number;
  /** What was looked at: a step forward is taken from nowhere else. */
  readonly at: { readonly state: RolloutState; readonly step: number; readonly generation: number };
  readonly seen: SeenRollout;
  readonly next: NextStep;
};

/**
 * Does what a look at a rollout came to, with its evidence and the promotion's new state, in one transaction. Back is done whatever happened
 * since, as long as the rollout is open; forward only from exactly what was looked at, and not while a person pauses it. False: nothing was
 * done, because it is not as it was looked at any more.
 */
export async function stepRollout(tx: Tx, { id, promotionId, at, seen, next }: RolloutLook): Promise<boolean> {
  await lockPromotion(tx, promotionId);
  const row = await lockRollout(tx, id);
  if (!row || !OPEN_ROLLOUT_STATES.some((state) => state === row.state)) return false;
  const isSame = row.state === at.state && row.step === at.step;
  const isBack = next.kind === "roll_back" || next.kind === "overtaken";
  if (!isSame && !isBack) return false;
  await tx.rollout.update({ where: { id }, data: { seen, seenAt: new Date() } });
  const now = { ...row, seen };
  switch (next.kind) {
    case "stay":
      return true;
    case "roll_back":
      return end(tx, now, { state: "rolled_back", reason: next.reason, actor: ROLLOUTS });
    case "overtaken":
      return end(tx, now, { state: "stopped", reason: next.reason, actor: ROLLOUTS });
    default:
      return forward(tx, now, at.generation, next);
  }
}

type Forward = Exclude<NextStep, { readonly kind: "stay" | "roll_back" | "overtaken" }>;

async function forward(tx: Tx, row: RolloutRow, generation: number, next: Forward): Promise<boolean> {
  const endpoint = await tx.endpoint.findUniqueOrThrow({ where: { id: row.endpointId } });
  if (endpoint.generation !== generation || endpoint.servingId !== row.incumbentId) return false;
  if (next.kind === "begin") {
    await tx.rollout.update({ where: { id: row.id }, data: { stageSince: new Date() } });
    return true;
  }
  if (row.paused || (await allPaused(tx))) return false;
  if (next.kind === "complete") {
    return end(tx, row, { state: "completed", reason: "every step of the plan was passed", actor: ROLLOUTS });
  }
  await moveRollout(tx, row, next);
  return true;
}

async function end(tx: Tx, row: RolloutRow, how: RolloutEnd): Promise<boolean> {
  await endRollout(tx, row, how);
  await concludeRollout(tx, row.promotionId, how.actor);
  return true;
}

/** Locked, so that whoever pauses all of them has the last word. */
async function allPaused(tx: Tx): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ paused: boolean }[]>`SELECT paused FROM rollout_switch WHERE id = 1 FOR SHARE`;
  return row?.paused ?? true;
}
