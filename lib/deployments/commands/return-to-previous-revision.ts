import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { stepBack } from "@/lib/deployments/desired-change";

export type StepBack = {
  readonly endpointId: string;
  /** The revision that the target refused. */
  readonly revisionId: string;
  readonly reason: string;
  readonly actor: AuditActor;
};

/**
 * The target refused the serving revision: the one before it is wanted again, under a higher generation. Does nothing, and says so
 * with false, when another revision is wanted by now.
 */
export async function returnToPreviousRevision(tx: Tx, step: StepBack): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${step.endpointId}::uuid FOR UPDATE`;
  const endpoint = await tx.endpoint.findUnique({
    where: { id: step.endpointId },
    include: { serving: { select: { name: true } }, warm: { select: { name: true } } },
  });
  if (!endpoint || endpoint.servingId !== step.revisionId) return false;
  const desired = stepBack(endpoint);
  await tx.endpoint.update({ where: { id: endpoint.id }, data: desired });
  await recordAudit(tx, {
    actor: step.actor,
    action: "endpoint.step_back",
    outcome: "done",
    subjectType: "endpoint",
    subject: endpoint.name,
    reason: step.reason,
    before: { serving: endpoint.serving?.name ?? null, generation: endpoint.generation },
    after: { serving: endpoint.warm?.name ?? null, generation: desired.generation },
  });
  return true;
}
