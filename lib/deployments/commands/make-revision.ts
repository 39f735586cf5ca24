import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import type { ServingSpec } from "@/lib/serving/schema";

export type NewRevision = {
  readonly endpointId: string;
  readonly modelVersionId: string;
  readonly contractId: string;
  readonly spec: ServingSpec;
  readonly specDigest: string;
};

/**
 * Makes the next revision of an endpoint, of a model version under a contract, and answers with the endpoint as it is. Locks the endpoint.
 * Nothing serves it yet. `not_found` for an unknown endpoint.
 */
export async function makeRevision(tx: Tx, wanted: NewRevision) {
  await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${wanted.endpointId}::uuid FOR UPDATE`;
  const endpoint = await tx.endpoint.findUnique({
    where: { id: wanted.endpointId },
    include: { serving: { select: { name: true } }, revisions: { orderBy: { number: "desc" }, take: 1 } },
  });
  if (!endpoint) throw new AppError("not_found", "There is no such endpoint.");
  const number = (endpoint.revisions[0]?.number ?? 0) + 1;
  const { id, name } = await tx.revision.create({
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
  return { endpoint, revision: { id, name } };
}
