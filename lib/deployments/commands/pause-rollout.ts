import "server-only";
import { inTransaction } from "@/lib/db";
import { lockOpenRollout } from "@/lib/deployments/commands/lock-open-rollout";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { heldRolloutOf } from "@/lib/deployments/rollout-row";
import { heldRollout, pauseRolloutInput } from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Keeps a rollout where it is. It is watched on, and goes back if a guard breaks. */
export const pauseRollout = operation({
  name: "rollout.pause",
  permission: "rollout:hold",
  input: pauseRolloutInput,
  output: heldRollout,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await lockOpenRollout(tx, input.id);
      if (row.paused)
        throw new AppError("conflict", "It is paused already.", undefined, { subject: row.endpoint.name });
      await tx.rollout.update({ where: { id: row.id }, data: { paused: true } });
      await recordRolloutEvent(tx, row, { kind: "paused", actor: principal, reason: input.reason });
      return heldRolloutOf({ ...row, paused: true });
    }),
});
