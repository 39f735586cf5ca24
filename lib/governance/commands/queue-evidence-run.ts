import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import type { RunKind } from "@/lib/governance/evidence-run";
import { RUN_COLUMNS } from "@/lib/governance/evidence-run-view";

type Order = {
  readonly kind: RunKind;
  readonly modelVersionId: string;
  readonly contractId: string;
  readonly actor: AuditActor;
};

/** Queues a measurement, or returns the one of the same kind, version and contract that is open already. The worker takes it. */
export async function queueEvidenceRun(tx: Tx, { kind, modelVersionId, contractId, actor }: Order) {
  // Of two that come at once the second waits here, and then finds the row of the first.
  await tx.$queryRaw`SELECT id FROM model_version WHERE id = ${modelVersionId}::uuid FOR UPDATE`;
  const open = await tx.evidenceRun.findFirst({
    where: { kind, modelVersionId, contractId, state: { in: ["queued", "running"] } },
    include: RUN_COLUMNS,
  });
  if (open) return open;
  const row = await tx.evidenceRun.create({
    data: { kind, modelVersionId, contractId, requestedBy: actor.email },
    include: RUN_COLUMNS,
  });
  await recordAudit(tx, {
    actor,
    action: "evidence_run.request",
    outcome: "done",
    subjectType: "evidence_run",
    subject: row.id,
    after: {
      kind,
      version: `${row.modelVersion.model.name} v${row.modelVersion.number}`,
      contract: `${row.contract.useCase.slug}/${row.contract.number}`,
    },
  });
  return row;
}
