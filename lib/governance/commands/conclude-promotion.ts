import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { DEPLOYMENT } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { returnToPreviousRevision } from "@/lib/deployments/commands/return-to-previous-revision";
import { outcomeOf, readObserved } from "@/lib/deployments/observed-state";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";

type Concluded = "active" | "failed" | "waiting";

/**
 * Reads what the target last reported of the endpoint. The promotion is active once its revision answers, and the one active before is
 * superseded; it failed, with the target's reason, when the target refused the revision: the previous one is wanted again.
 */
export async function concludePromotion(tx: Tx, id: number): Promise<Concluded> {
  const row = await lockPromotion(tx, id);
  if (row.state !== "applying" || row.revisionId === null) return "waiting";
  const endpoint = await tx.endpoint.findUniqueOrThrow({
    where: { id: row.endpointId },
    include: { serving: { select: { name: true } } },
  });
  if (endpoint.servingId !== row.revisionId) {
    const instead = endpoint.serving?.name ?? "Nothing";
    return finish(tx, row.id, "failed", `${instead} was made to serve before this revision answered.`);
  }
  const desired = { generation: endpoint.generation, serving: endpoint.serving?.name ?? null };
  const outcome = outcomeOf(desired, readObserved(endpoint.observed));
  if (outcome.kind === "waiting") return "waiting";
  if (outcome.kind === "refused") {
    const step = { endpointId: endpoint.id, revisionId: row.revisionId, reason: outcome.reason, actor: DEPLOYMENT };
    await returnToPreviousRevision(tx, step);
    return finish(tx, row.id, "failed", outcome.reason);
  }
  await tx.promotion.updateMany({
    where: { endpointId: endpoint.id, state: "active" },
    data: { state: "superseded", stateReason: `by promotion ${row.id}` },
  });
  return finish(tx, row.id, "active", null);
}

async function finish(tx: Tx, id: number, state: "active" | "failed", reason: string | null): Promise<Concluded> {
  await tx.promotion.update({
    where: { id },
    data: { state, stateReason: reason, ...(state === "active" && { appliedAt: new Date() }) },
  });
  await recordAudit(tx, {
    actor: DEPLOYMENT,
    action: state === "active" ? "promotion.activate" : "promotion.fail",
    outcome: "done",
    subjectType: "promotion",
    subject: `${id}`,
    ...(reason !== null && { reason }),
    before: { state: "applying" },
    after: { state },
  });
  return state;
}
