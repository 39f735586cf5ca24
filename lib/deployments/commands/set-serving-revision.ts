import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { serveInstead } from "@/lib/deployments/desired-change";
import { AppError } from "@/lib/errors";
import type { ServingSpec } from "@/lib/serving/schema";

export type NewRevision = {
  readonly endpointId: string;
  readonly modelVersionId: string;
  readonly contractId: string;
  readonly spec: ServingSpec;
  readonly specDigest: string;
  readonly actor: AuditActor;
};

/**
 * Makes a revision of a model version under a contract, and wants it to answer: serving becomes it, warm the one before, and the
 * generation grows by one. Locks the endpoint. The target follows when the worker applies it. The id and name of the revision.
 */
export async function setServingRevision(tx: Tx, wanted: NewRevision): Promise<{ id: string; name: string }> {
  await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${wanted.endpointId}::uuid FOR UPDATE`;
  const endpoint = await tx.endpoint.findUnique({
    where: { id: wanted.endpointId },
    include: { serving: { select: { name: true } }, revisions: { orderBy: { number: "desc" }, take: 1 } },
  });
  if (!endpoint) throw new AppError("not_found", "There is no such endpoint.");
  const number = (endpoint.revisions[0]?.number ?? 0) + 1;
  const revision = await tx.revision.create({
    data: {
      endpointId: endpoint.id,
      number,
      name: `${endpoint.name}-r${number}`,
      modelVersionId: wanted.modelVersionId,
      contractId: wanted.contractId,
      spec: JSON.parse(JSON.stringify(wanted.spec)),
      specDigest: wanted.specDigest,
    },
  });
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
  return { id: revision.id, name: revision.name };
}
