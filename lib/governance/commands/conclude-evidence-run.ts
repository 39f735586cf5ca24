import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";
import type { DrillReport } from "@/lib/governance/drill-report";
import { EVIDENCE_RUNS } from "@/lib/governance/evidence-run";
import { recordEvidence } from "@/lib/registry/commands/record-evidence";
import type { LoadCurve } from "@/lib/serving/load-curve";

export type RunOutcome =
  | { readonly kind: "load_curve"; readonly payload: LoadCurve; readonly words: string }
  | { readonly kind: "drill"; readonly payload: DrillReport; readonly words: string }
  /** Nothing was found out. */
  | { readonly kind: "none"; readonly words: string };

/** Writes the evidence of a run and its end. A load run passes when its curve was measured; a drill when what is declared was seen. */
export async function concludeEvidenceRun(tx: Tx, id: string, outcome: RunOutcome): Promise<boolean> {
  await tx.$queryRaw`SELECT id FROM evidence_run WHERE id = ${id}::uuid FOR UPDATE`;
  const run = await tx.evidenceRun.findUniqueOrThrow({ where: { id } });
  if (run.state !== "running") return false;
  const evidence =
    outcome.kind === "none"
      ? null
      : await recordEvidence(tx, {
          kind: outcome.kind,
          modelVersionId: run.modelVersionId,
          payload: outcome.payload,
          recordedBy: EVIDENCE_RUNS.email,
        });
  const passed = outcome.kind === "load_curve" || (outcome.kind === "drill" && outcome.payload.passed);
  const state = passed ? "passed" : "failed";
  await tx.evidenceRun.update({
    where: { id },
    data: { state, reason: outcome.words, evidenceId: evidence?.id ?? null, endedAt: new Date() },
  });
  await recordAudit(tx, {
    actor: EVIDENCE_RUNS,
    action: passed ? "evidence_run.pass" : "evidence_run.fail",
    outcome: "done",
    subjectType: "evidence_run",
    subject: id,
    reason: outcome.words,
    before: { state: "running" },
    after: { state, kind: run.kind, ...(evidence && { evidence: evidence.id, digest: evidence.digest }) },
  });
  return true;
}
