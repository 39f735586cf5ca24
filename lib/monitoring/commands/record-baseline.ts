import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import type { BaselinePayload } from "@/lib/monitoring/baseline";

const ACTOR = { email: "baseline maker", kind: "process" } as const;

type Made = {
  readonly modelVersionId: string;
  /** What people call the version: `name v3`. */
  readonly version: string;
  readonly payload: BaselinePayload;
};

/** Stores a version's own reference, once. @returns whether this call did */
export async function recordBaseline(tx: Tx, { modelVersionId, version, payload }: Made): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM model_version WHERE id = ${modelVersionId}::uuid FOR UPDATE`;
  if (await tx.baseline.findFirst({ where: { modelVersionId, endpointId: null }, select: { id: true } })) return false;
  const digest = digestOf(payload);
  const row = await tx.baseline.create({
    data: {
      ...{ modelVersionId, payload, digest, state: "accepted", proposedBy: ACTOR.email },
      ...{ windowFrom: new Date(payload.from), windowTo: new Date(payload.to) },
    },
  });
  await recordAudit(tx, {
    actor: ACTOR,
    action: "baseline.make",
    outcome: "done",
    subjectType: "model_version",
    subject: version,
    after: { baseline: row.id, digest, rows: payload.n, columns: payload.columns.length },
  });
  return true;
}
