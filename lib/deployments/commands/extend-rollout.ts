import "server-only";
import { inTransaction } from "@/lib/db";
import { lockOpenRollout } from "@/lib/deployments/commands/lock-open-rollout";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { heldRolloutOf } from "@/lib/deployments/rollout-row";
import { extendRolloutInput, heldRollout } from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Adds seconds or samples to the stage that a rollout is in. */
export const extendRollout = operation({
  name: "rollout.extend",
  permission: "rollout:hold",
  input: extendRolloutInput,
  output: heldRollout,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await lockOpenRollout(tx, input.id);
      if (row.state === "checking") {
        const message = "It has not begun: the golden set comes first. There is nothing to extend yet.";
        throw new AppError("precondition", message, undefined, { subject: row.endpoint.name });
      }
      const extra = {
        extraSeconds: Math.min(MOST_EXTRA, row.extraSeconds + input.seconds),
        extraSamples: Math.min(MOST_EXTRA, row.extraSamples + input.samples),
      };
      await tx.rollout.update({ where: { id: row.id }, data: extra });
      const after = { addedSeconds: input.seconds, addedSamples: input.samples };
      await recordRolloutEvent(tx, row, { kind: "extended", actor: principal, reason: input.reason, after });
      return heldRolloutOf({ ...row, ...extra });
    }),
});

const MOST_EXTRA = 1_000_000_000;
