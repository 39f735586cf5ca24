import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Principal } from "@/lib/auth/schema";
import { inTransaction, type Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { loadPromotionFacts, type PromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";
import { type Decision, decisionRefusal, slotFor } from "@/lib/governance/decision-rules";
import { type PromotionInputs, promotionInputs } from "@/lib/governance/promotion-inputs";
import { mayBecome } from "@/lib/governance/promotion-state";
import { dutiesOf, PROMOTION_COLUMNS, type PromotionRow, toSummary } from "@/lib/governance/promotion-view";
import { decidePromotionInput, promotionSummary } from "@/lib/governance/schema";
import { allSlotsFilled, type Slot } from "@/lib/governance/separation-of-duties";
import { operation } from "@/lib/operation";

/**
 * Approves or rejects in a slot, over the digest that was shown. The gate is evaluated here, so also at the last approval; with both
 * slots filled the promotion is approved, and the worker applies it. A rejection is final.
 * `conflict` with the difference when an input changed since it was shown, or when somebody else was faster; `precondition` with the
 * gate when it does not pass; `forbidden` for requester, registrar, and service accounts.
 */
export const decidePromotion = operation({
  name: "promotion.decide",
  permission: "promotion:decide",
  input: decidePromotionInput,
  output: promotionSummary,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await lockPromotion(tx, input.id);
      const facts = await loadPromotionFacts(tx, row);
      const seen = seenInputs(row, input.inputsDigest);
      const duties = dutiesOf(row, facts.inputsDigest);
      const refusal = decisionRefusal({ ...facts, row, duties, principal, input, seen });
      if (refusal) {
        const { code, message, details } = refusal;
        throw new AppError(code, message, undefined, { details, subject: `${row.id}` });
      }
      const slot = slotFor(input, principal, duties);
      await addDecision(tx, row, { input, slot, principal, facts });
      const filled = allSlotsFilled([...duties.approvals, { slot, userId: principal.id }]);
      const state = input.decision === "reject" ? "rejected" : filled ? "approved" : "in_review";
      await moveTo(tx, row, state, facts);
      await recordAudit(tx, {
        actor: principal,
        action: input.decision === "reject" ? "promotion.reject" : "promotion.approve",
        outcome: "done",
        subjectType: "promotion",
        subject: `${row.id}`,
        reason: input.comment,
        before: { state: row.state },
        after: { state, slot, inputsDigest: facts.inputsDigest, comment: input.comment },
      });
      const after = await tx.promotion.findUniqueOrThrow({ where: { id: row.id }, include: PROMOTION_COLUMNS });
      return toSummary(after, principal);
    }),
});

type Added = {
  readonly input: Decision & { readonly comment: string };
  readonly slot: Slot;
  readonly principal: Principal;
  readonly facts: PromotionFacts;
};

async function addDecision(tx: Tx, row: PromotionRow, { input, slot, principal, facts }: Added): Promise<void> {
  await tx.promotionDecision.create({
    data: {
      promotionId: row.id,
      slot,
      decision: input.decision,
      userId: principal.id,
      email: principal.email,
      comment: input.comment,
      inputs: facts.inputs,
      inputsDigest: facts.inputsDigest,
    },
  });
}

/** The inputs are stored as they are now: what the decision was made on. */
async function moveTo(
  tx: Tx,
  row: PromotionRow,
  state: "in_review" | "approved" | "rejected",
  facts: PromotionFacts,
): Promise<void> {
  if (state !== "in_review" && !mayBecome("in_review", state)) throw new Error(`in_review cannot become ${state}`);
  await tx.promotion.update({
    where: { id: row.id },
    data: {
      state,
      stateReason: null,
      contractId: facts.contractId,
      inputs: facts.inputs,
      inputsDigest: facts.inputsDigest,
      gate: [...facts.gate],
      ...(state !== "in_review" && { decidedAt: new Date() }),
    },
  });
}

/** The inputs behind a digest that a page of this promotion may have shown, to tell what changed since; null: not on record. */
function seenInputs(row: PromotionRow & { readonly inputs: unknown }, digest: string): PromotionInputs | null {
  const known = row.inputsDigest === digest ? row : row.decisions.find((each) => each.inputsDigest === digest);
  return promotionInputs.safeParse(known?.inputs).data ?? null;
}
