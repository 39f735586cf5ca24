import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { findOpenPromotion } from "@/lib/governance/commands/find-open-promotion";
import { findSubject } from "@/lib/governance/commands/find-subject";
import { loadPromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { queueMissingEvidence } from "@/lib/governance/commands/queue-missing-evidence";
import { PROMOTION_COLUMNS, toSummary } from "@/lib/governance/promotion-view";
import { requestRefusal } from "@/lib/governance/request-rules";
import { promotionSummary, requestPromotionInput } from "@/lib/governance/schema";
import { operation } from "@/lib/operation";

/**
 * Asks that a model version serve on an endpoint under the newest signed contract. The gate is evaluated now: `precondition` with the
 * gate in the details when it fails; missing evidence is let in (what the portal measures itself is queued), and blocks the approval until it arrives.
 */
export const requestPromotion = operation({
  name: "promotion.request",
  permission: "promotion:request",
  input: requestPromotionInput,
  output: promotionSummary,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const { endpoint, version } = await findSubject(tx, input, { lock: true });
      const facts = await loadPromotionFacts(tx, { endpointId: endpoint.id, modelVersionId: version.id });
      const refusal = requestRefusal({ ...facts, openPromotion: await findOpenPromotion(tx, endpoint.id) });
      if (refusal) {
        throw new AppError(refusal.code, refusal.message, undefined, { details: { gate: facts.gate } });
      }
      const row = await tx.promotion.create({
        data: {
          endpointId: endpoint.id,
          modelVersionId: version.id,
          contractId: facts.contractId,
          requestedBy: principal.email,
          requestedById: principal.id,
          comment: input.comment,
          inputs: facts.inputs,
          inputsDigest: facts.inputsDigest,
          gate: [...facts.gate],
        },
        include: PROMOTION_COLUMNS,
      });
      await recordAudit(tx, {
        actor: principal,
        action: "promotion.request",
        outcome: "done",
        subjectType: "promotion",
        subject: `${row.id}`,
        after: {
          endpoint: endpoint.name,
          version: `${input.model} v${input.version}`,
          contract: facts.contract,
          inputsDigest: facts.inputsDigest,
          comment: input.comment,
        },
      });
      await queueMissingEvidence(tx, facts, version.id);
      return toSummary(row, principal);
    }),
});
