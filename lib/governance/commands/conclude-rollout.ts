import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";

/**
 * What the end of its rollout means for a promotion: completed, it is applied (and active once the target answers with its revision);
 * rolled back or stopped, it is rolled back, with the reason. Does nothing while the rollout is open, and says so with false.
 */
export async function concludeRollout(tx: Tx, id: number, actor: AuditActor): Promise<boolean> {
  const row = await lockPromotion(tx, id);
  if (row.state !== "rolling_out") return false;
  const rollout = await tx.rollout.findUnique({
    where: { promotionId: id },
    include: { candidate: { select: { name: true } } },
  });
  if (!rollout || rollout.endedAt === null) return false;
  const isCompleted = rollout.state === "completed";
  const state = isCompleted ? "applying" : "rolled_back";
  await tx.promotion.update({
    where: { id },
    data: { state, stateReason: isCompleted ? null : rollout.reason },
  });
  await recordAudit(tx, {
    actor,
    action: isCompleted ? "promotion.apply" : "promotion.roll_back",
    outcome: "done",
    subjectType: "promotion",
    subject: `${id}`,
    ...(rollout.reason !== null && { reason: rollout.reason }),
    before: { state: "rolling_out" },
    after: { state, revision: rollout.candidate.name, rollout: rollout.id, seen: rollout.seen },
  });
  return true;
}
