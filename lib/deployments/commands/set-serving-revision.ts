import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { makeRevision, type NewRevision } from "@/lib/deployments/commands/make-revision";
import { serveInstead } from "@/lib/deployments/desired-change";

/**
 * Makes a revision of a model version under a contract, and wants it to answer: serving becomes it, warm the one before, and the
 * generation grows by one. Locks the endpoint. The target follows when the worker applies it. The id and name of the revision.
 */
export async function setServingRevision(
  tx: Tx,
  wanted: NewRevision & { readonly actor: AuditActor },
): Promise<{ id: string; name: string }> {
  const { endpoint, revision } = await makeRevision(tx, wanted);
  const desired = serveInstead(endpoint, revision.id);
  await tx.endpoint.update({ where: { id: endpoint.id }, data: desired });
  await recordAudit(tx, {
    actor: wanted.actor,
    action: "endpoint.serve",
    outcome: "done",
    subjectType: "endpoint",
    subject: endpoint.name,
    before: { serving: endpoint.serving?.name ?? null, generation: endpoint.generation },
    after: { serving: revision.name, generation: desired.generation, specDigest: wanted.specDigest },
  });
  return revision;
}
