import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Principal } from "@/lib/auth/schema";
import { inTransaction, type Tx } from "@/lib/db";
import { pauseAllInput, type RolloutSwitchView, rolloutSwitch } from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** No rollout goes forward any more, on any endpoint. Going back is never paused. */
export const pauseAllRollouts = operation({
  name: "rollout.pause_all",
  permission: "rollout:pause_all",
  input: pauseAllInput,
  output: rolloutSwitch,
  run: ({ principal, input }) => inTransaction((tx) => turn(tx, principal, true, input.reason)),
});

/** Rollouts go on; those that a person paused one by one stay paused. */
export const resumeAllRollouts = operation({
  name: "rollout.resume_all",
  permission: "rollout:pause_all",
  input: pauseAllInput,
  output: rolloutSwitch,
  run: ({ principal, input }) => inTransaction((tx) => turn(tx, principal, false, input.reason)),
});

async function turn(tx: Tx, principal: Principal, paused: boolean, reason: string): Promise<RolloutSwitchView> {
  await tx.$queryRaw`SELECT id FROM rollout_switch WHERE id = 1 FOR UPDATE`;
  const before = await tx.rolloutSwitch.findUniqueOrThrow({ where: { id: 1 } });
  if (before.paused === paused) {
    throw new AppError("conflict", paused ? "All rollouts are paused already." : "Rollouts are not paused.");
  }
  const changedAt = new Date();
  await tx.rolloutSwitch.update({ where: { id: 1 }, data: { paused, reason, changedBy: principal.email, changedAt } });
  await recordAudit(tx, {
    actor: principal,
    action: paused ? "rollout.pause_all" : "rollout.resume_all",
    outcome: "done",
    reason,
    before: { paused: before.paused },
    after: { paused },
  });
  return { paused, reason, by: principal.email, at: changedAt.toISOString() };
}
