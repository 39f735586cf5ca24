import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Principal } from "@/lib/auth/schema";
import type { Tx } from "@/lib/db";
import type { RolloutSwitchView } from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";

/** Pauses every rollout, or lets them go on; audited. `conflict` where it is so already. */
export async function turnRolloutSwitch(
  tx: Tx,
  principal: Principal,
  paused: boolean,
  reason: string,
): Promise<RolloutSwitchView> {
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
