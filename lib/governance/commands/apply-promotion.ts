import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { DEPLOYMENT } from "@/lib/audit/schema";
import type { RolloutPlan } from "@/lib/contracts/document";
import type { Tx } from "@/lib/db";
import { makeRevision, type NewRevision } from "@/lib/deployments/commands/make-revision";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { startRollout } from "@/lib/deployments/commands/start-rollout";
import { hasGivenUp, readObserved } from "@/lib/deployments/observed-state";
import { approvalsOver } from "@/lib/governance/approvals";
import { loadPromotionFacts, type PromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";
import { approvalBlock } from "@/lib/governance/decision-rules";
import { isOpenGate } from "@/lib/governance/gate-item";
import { allSlotsFilled } from "@/lib/governance/separation-of-duties";

type Applied = "applying" | "rolling_out" | "in_review" | "nothing";

/**
 * Makes an approved promotion the desired state of its endpoint: at once, or, where its contract has a rollout plan and a revision serves,
 * as a candidate beside that revision (a target that could not run it has nothing to stand beside). The gate is evaluated once more in this
 * transaction, and only approvals over exactly these inputs count: with any of them stale, or the gate shut, it goes back into review and the reason is
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
  const { contractId, spec, specDigest, rollout: plan, incumbent } = facts;
  const wanted = { endpointId: row.endpointId, modelVersionId: row.modelVersionId, contractId, spec, specDigest };
  if (plan && incumbent && !(await isRefused(tx, row.endpointId, incumbent.revision))) {
    return rollOut(tx, row.id, facts, wanted, plan);
  }
  const revision = await setServingRevision(tx, { ...wanted, actor: DEPLOYMENT });
  await take(tx, row.id, "applying", revision, facts);
  return "applying";
}

async function isRefused(tx: Tx, endpointId: string, serving: string): Promise<boolean> {
  const { observed } = await tx.endpoint.findUniqueOrThrow({ where: { id: endpointId }, select: { observed: true } });
  return hasGivenUp(serving, readObserved(observed));
}

async function rollOut(
  tx: Tx,
  promotionId: number,
  facts: PromotionFacts,
  wanted: NewRevision,
  plan: RolloutPlan,
): Promise<Applied> {
  const { endpoint, revision } = await makeRevision(tx, wanted);
  await take(tx, promotionId, "rolling_out", revision, facts);
  const beside = { promotionId, endpoint, candidateId: revision.id, incumbentId: endpoint.servingId ?? "", plan };
  await startRollout(tx, { ...beside, actor: DEPLOYMENT });
  return "rolling_out";
}

async function take(
  tx: Tx,
  id: number,
  state: "applying" | "rolling_out",
  revision: { readonly id: string; readonly name: string },
  { gate, inputsDigest }: PromotionFacts,
): Promise<void> {
  await tx.promotion.update({
    where: { id },
    data: { state, stateReason: null, revisionId: revision.id, gate: [...gate] },
  });
  await recordAudit(tx, {
    actor: DEPLOYMENT,
    action: state === "applying" ? "promotion.apply" : "promotion.roll_out",
    outcome: "done",
    subjectType: "promotion",
    subject: `${id}`,
    before: { state: "approved" },
    after: { state, revision: revision.name, inputsDigest },
  });
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
