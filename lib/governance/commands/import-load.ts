import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { type ImportLoadInput, importedLoad, importLoadInput } from "@/lib/governance/evidence-run";
import { operation } from "@/lib/operation";
import { recordEvidence } from "@/lib/registry/commands/record-evidence";
import { readK6 } from "@/lib/serving/import-k6";
import { readPerfAnalyzer } from "@/lib/serving/import-perf-analyzer";
import { type LoadCurve, loadCurve } from "@/lib/serving/load-curve";
import { kneeOf } from "@/lib/serving/load-plan";
import { ReportProblem } from "@/lib/serving/load-report";

/**
 * Takes the report of a load test that another tool made. It is attested and not verified: shown as such, never in place of a measured
 * curve, and no gate reads it. `invalid` naming the field of the report that is at fault, `not_found` for the version.
 */
export const importLoad = operation({
  name: "evidence.import_load",
  permission: "evidence:import",
  input: importLoadInput,
  output: importedLoad,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const { name, version: number } = input;
      const version = await tx.modelVersion.findFirst({ where: { number, model: { name } } });
      if (!version) throw new AppError("not_found", `There is no version ${number} of a model ${name}.`);
      const curve = curveOf(input, version.digest);
      const evidence = await recordEvidence(tx, {
        kind: "load_curve_attested",
        modelVersionId: version.id,
        payload: curve,
        recordedBy: principal.email,
      });
      await recordAudit(tx, {
        actor: principal,
        action: "evidence.import_load",
        outcome: "done",
        subjectType: "model_version",
        subject: `${name} v${number}`,
        after: { tool: curve.tool, runId: curve.runId, steps: curve.steps.length, digest: evidence.digest },
      });
      return { evidenceId: evidence.id, digest: evidence.digest, curve };
    }),
});

function curveOf(input: ImportLoadInput, versionDigest: string): LoadCurve {
  const { format, runId, target, tier, rowsPerRequest, startedAt } = input;
  const steps = stepsOf(input);
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  return loadCurve.parse({
    kind: "attested",
    tool: format,
    runId,
    target,
    tier,
    hardware: null,
    versionDigest,
    contractDigest: null,
    settings: { batching: null, queueRows: null, threadMode: null },
    rowsPerRequest,
    steps,
    knee: kneeOf(steps, { ceiling: null, p99Ms: null }),
    startedAt,
    endedAt: new Date(Date.parse(startedAt) + 1000 * seconds).toISOString(),
  });
}

function stepsOf({ format, content, rowsPerRequest }: ImportLoadInput) {
  try {
    return format === "k6" ? readK6(content) : readPerfAnalyzer(content, rowsPerRequest);
  } catch (error) {
    if (!(error instanceof ReportProblem)) throw error;
    throw new AppError("invalid", `The report cannot be taken. ${error.message}.`, { content: [error.message] });
  }
}
