import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { DEPLOYMENT } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { outcomeOf, readObserved } from "@/lib/deployments/observed-state";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";

/**
 * An active promotion whose revision was rolled back: once the other revision answers, it is superseded. Does nothing, and says so
 * with false, to one whose revision is wanted.
 */
export async function supersedePromotion(tx: Tx, id: number): Promise<boolean> {
  const row = await lockPromotion(tx, id);
  if (row.state !== "active") return false;
  const endpoint = await tx.endpoint.findUniqueOrThrow({ where: { id: row.endpointId }, include: { serving: true } });
  if (endpoint.serving === null || endpoint.servingId === row.revisionId) return false;
  const desired = { generation: endpoint.generation, serving: endpoint.serving.name };
  if (outcomeOf(desired, readObserved(endpoint.observed)).kind !== "serves") return false;
  const reason = `by a rollback to ${endpoint.serving.name}`;
  await tx.promotion.update({ where: { id: row.id }, data: { state: "superseded", stateReason: reason } });
  await recordAudit(tx, {
    actor: DEPLOYMENT,
    action: "promotion.supersede",
    outcome: "done",
    subjectType: "promotion",
    subject: `${row.id}`,
    reason,
    before: { state: "active" },
    after: { state: "superseded" },
  });
  return true;
}
