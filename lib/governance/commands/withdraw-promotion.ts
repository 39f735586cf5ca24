import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";
import { mayBecome, promotionState } from "@/lib/governance/promotion-state";
import { PROMOTION_COLUMNS, toSummary } from "@/lib/governance/promotion-view";
import { promotionSummary, withdrawPromotionInput } from "@/lib/governance/schema";
import { mayWithdraw } from "@/lib/governance/withdrawal";
import { operation } from "@/lib/operation";

/** Takes a promotion back before it is applied: by its requester or the owner of the use case. */
export const withdrawPromotion = operation({
  name: "promotion.withdraw",
  permission: "promotion:withdraw",
  input: withdrawPromotionInput,
  output: promotionSummary,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await lockPromotion(tx, input.id);
      if (!mayWithdraw(row, principal)) {
        const message = `Promotion ${row.id} is withdrawn by its requester ${row.requestedBy} or the owner of ${row.endpoint.useCase.name}.`;
        throw new AppError("forbidden", message, undefined, { subject: `${row.id}` });
      }
      if (!mayBecome(promotionState.parse(row.state), "withdrawn")) {
        const message = `Promotion ${row.id} is ${row.state.replace("_", " ")}: there is nothing to withdraw.`;
        throw new AppError("conflict", message);
      }
      const after = await tx.promotion.update({
        where: { id: row.id },
        data: { state: "withdrawn", stateReason: input.comment || null, decidedAt: new Date() },
        include: PROMOTION_COLUMNS,
      });
      await recordAudit(tx, {
        actor: principal,
        action: "promotion.withdraw",
        outcome: "done",
        subjectType: "promotion",
        subject: `${row.id}`,
        ...(input.comment && { reason: input.comment }),
        before: { state: row.state },
        after: { state: "withdrawn" },
      });
      return toSummary(after, principal);
    }),
});
