import "server-only";
import { inTransaction } from "@/lib/db";
import { lockOpenRollout } from "@/lib/deployments/commands/lock-open-rollout";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { heldRolloutOf } from "@/lib/deployments/rollout-row";
import { heldRollout, resumeRolloutInput } from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Lets a paused rollout go on, along the plan that was signed and approved. */
export const resumeRollout = operation({
  name: "rollout.resume",
  permission: "rollout:hold",
  input: resumeRolloutInput,
  output: heldRollout,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await lockOpenRollout(tx, input.id);
      if (!row.paused) throw new AppError("conflict", "It is not paused.", undefined, { subject: row.endpoint.name });
      await tx.rollout.update({ where: { id: row.id }, data: { paused: false } });
      const reason = input.reason || "no reason given";
      await recordRolloutEvent(tx, row, { kind: "resumed", actor: principal, reason });
      return heldRolloutOf({ ...row, paused: false });
    }),
});
