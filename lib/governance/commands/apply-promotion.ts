import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { DEPLOYMENT } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { approvalsOver } from "@/lib/governance/approvals";
import { loadPromotionFacts, type PromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";
import { approvalBlock } from "@/lib/governance/decision-rules";
import { isOpenGate } from "@/lib/governance/gate-item";
import { allSlotsFilled } from "@/lib/governance/separation-of-duties";

type Applied = "applying" | "in_review" | "nothing";

/**
 * Makes an approved promotion the desired state of its endpoint. The gate is evaluated once more in this transaction, and only
 * approvals over exactly these inputs count: with any of them stale, or the gate shut, it goes back into review and the reason is
 * kept. Does nothing to a promotion that is not approved (any more).
 */
export async function applyPromotion(tx: Tx, id: number): Promise<Applied> {
  const row = await lockPromotion(tx, id);
  if (row.state !== "approved") return "nothing";
  const facts = await loadPromotionFacts(tx, row);
  const filled = allSlotsFilled(approvalsOver(facts.inputsDigest, row.decisions));
  if (!filled || !isOpenGate(facts.gate)) {
    const reason = filled
      ? (approvalBlock(facts.gate) ?? "The gate does not pass.")
      : "An input changed after the last approval: the approvals are stale.";
    await backIntoReview(tx, row.id, facts, reason);
    return "in_review";
  }
  const revision = await setServingRevision(tx, {
    endpointId: row.endpointId,
    modelVersionId: row.modelVersionId,
    contractId: facts.contractId,
    spec: facts.spec,
    specDigest: facts.specDigest,
    actor: DEPLOYMENT,
  });
  await tx.promotion.update({
    where: { id: row.id },
    data: { state: "applying", stateReason: null, revisionId: revision.id, gate: [...facts.gate] },
  });
  await recordAudit(tx, {
    actor: DEPLOYMENT,
    action: "promotion.apply",
    outcome: "done",
    subjectType: "promotion",
    subject: `${row.id}`,
    before: { state: "approved" },
    after: { state: "applying", revision: revision.name, inputsDigest: facts.inputsDigest },
  });
  return "applying";
}

async function backIntoReview(tx: Tx, id: number, facts: PromotionFacts, reason: string): Promise<void> {
  const { inputs, inputsDigest, contractId, gate } = facts;
  await tx.promotion.update({
    where: { id },
    data: {
      state: "in_review",
      stateReason: reason,
      inputs,
      inputsDigest,
      contractId,
      gate: [...gate],
      decidedAt: null,
    },
  });
  await recordAudit(tx, {
    actor: DEPLOYMENT,
    action: "promotion.stale",
    outcome: "done",
    subjectType: "promotion",
    subject: `${id}`,
    reason,
    before: { state: "approved" },
    after: { state: "in_review", inputsDigest },
  });
}
