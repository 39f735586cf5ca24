import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { DEPLOYMENT } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { loadPromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";
import { queueMissingEvidence } from "@/lib/governance/commands/queue-missing-evidence";
import { inputsDifference, promotionInputs } from "@/lib/governance/promotion-inputs";

/**
 * Brings the stored inputs and gate of a promotion in review up to date, so that lists tell stale approvals from those that count,
 * and queues what the gate misses and the portal measures itself.
 * True when an input had changed.
 */
export async function refreshPromotion(tx: Tx, id: number): Promise<boolean> {
  const row = await lockPromotion(tx, id);
  if (row.state !== "in_review") return false;
  const facts = await loadPromotionFacts(tx, row);
  await queueMissingEvidence(tx, facts, row.modelVersionId);
  if (facts.inputsDigest === row.inputsDigest) return false;
  const { inputs, inputsDigest, contractId, gate } = facts;
  const before = promotionInputs.safeParse(row.inputs).data;
  await tx.promotion.update({ where: { id }, data: { inputs, inputsDigest, contractId, gate: [...gate] } });
  await recordAudit(tx, {
    actor: DEPLOYMENT,
    action: "promotion.inputs_changed",
    outcome: "done",
    subjectType: "promotion",
    subject: `${id}`,
    ...(before && {
      reason: inputsDifference(before, inputs)
        .map(({ path }) => path)
        .join(", "),
    }),
    before: { inputsDigest: row.inputsDigest },
    after: { inputsDigest },
  });
  return true;
}
