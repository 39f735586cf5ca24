import type { ContractDocument } from "@/lib/contracts/document";
import { curveMisfit, loadClauses, marginsOf, verdictOf } from "@/lib/serving/feasibility";
import { type LoadCurve, loadCurve } from "@/lib/serving/load-curve";
import { type DrillReport, drillReport } from "./drill-report";
import type { RunKind } from "./evidence-run";
import type { GateStatus } from "./gate-item";

/** The newest run of a kind for the version under the contract. */
export type RunFact = { readonly kind: RunKind; readonly state: string; readonly reason: string | null };

type Row = { readonly payload: unknown };
type Asked = {
  readonly document: ContractDocument;
  readonly versionDigest: string;
  readonly row: Row | undefined;
  readonly run: RunFact | undefined;
};
export type EvidenceVerdict = { readonly status: GateStatus; readonly reasons: readonly string[] };

/** Whether a promotion under this contract needs a measured load curve. */
export const needsCurve = (document: ContractDocument): boolean => loadClauses(document).length > 0;

/**
 * The evidence that shows it. The portal measures on the local target alone: a curve of a cluster is read from the report of whoever
 * measured there, and is shown as attested.
 */
export const curveKind = ({ serving }: ContractDocument): "load_curve" | "load_curve_attested" =>
  serving.target === "local" ? "load_curve" : "load_curve_attested";

/** Whether it needs a drill: the contract has a clause that promises one. */
export const needsDrill = ({ clauses }: ContractDocument): boolean =>
  clauses.some(({ kind }) => kind === "failure_mode");

/**
 * A curve of this version, measured (on a cluster: attested) with the contract's settings and up to its ceiling, must show every latency and rate to hold. What
 * such a curve cannot show (other requests than single rows) does not block, and is said.
 */
export function judgeCurve({ document, versionDigest, row, run }: Asked): EvidenceVerdict {
  const isAttested = curveKind(document) === "load_curve_attested";
  const next = isAttested
    ? "Measure it there with k6 or perf_analyzer, and import the report: npx proviso evidence import."
    : waiting(run, "load test");
  const missing = (what: string): EvidenceVerdict => ({ status: "missing", reasons: [what, next] });
  if (!row) return missing("No load curve was measured yet.");
  const curve = loadCurve.safeParse(row.payload).data;
  if (curve?.kind !== (isAttested ? "attested" : "measured"))
    return missing("The load curve on record cannot be read.");
  if (curve.versionDigest !== versionDigest) return missing("The load curve is of another digest.");
  const misfit = curveMisfit(document, curve);
  if (misfit) return missing(misfit);
  const margins = marginsOf(document, curve);
  if (verdictOf(margins) === "infeasible") {
    return {
      status: "fail",
      reasons: margins.filter(({ verdict }) => verdict === "infeasible").map(({ words }) => words),
    };
  }
  const tooLow = margins.find((each) => each.verdict === "unknown" && isMeasurable(document, curve, each.clause));
  if (tooLow) return missing(tooLow.words);
  const attested = isAttested ? [`Attested by a report of ${curve.tool} (run ${curve.runId}): not measured here.`] : [];
  return { status: "pass", reasons: [...margins.map(({ words }) => words), ...attested] };
}

/** Whether another run could tell: a clause over requests of other sizes, no run can. */
function isMeasurable({ clauses }: ContractDocument, { rowsPerRequest }: LoadCurve, id: string): boolean {
  const clause = clauses.find((each) => each.id === id);
  if (!clause || clause.kind === "throughput") return true;
  return clause.population.minRows <= rowsPerRequest && rowsPerRequest <= clause.population.maxRows;
}

/** A drill of this version under this failure mode must have shown what is declared. `digest` is that of the failure mode. */
export function judgeDrill({ versionDigest, row, run, digest }: Asked & { readonly digest: string }): EvidenceVerdict {
  const missing = (what: string): EvidenceVerdict => ({ status: "missing", reasons: [what, waiting(run, "drill")] });
  if (!row) return missing("The failure mode was not drilled yet.");
  const report = drillReport.safeParse(row.payload).data;
  if (!report) return missing("The drill on record cannot be read.");
  if (report.versionDigest !== versionDigest) return missing("The drill is of another digest.");
  if (report.failureModeDigest !== digest) return missing("The drill was of another failure mode.");
  return report.passed
    ? { status: "pass", reasons: report.faults.map(wordsOf) }
    : { status: "fail", reasons: report.faults.filter(({ passed }) => !passed).map(wordsOf) };
}

function wordsOf({ fault, declared, seen }: DrillReport["faults"][number]): string {
  return `${fault}: declared ${declared}; seen ${seen}.`;
}

function waiting(run: RunFact | undefined, what: string): string {
  if (run?.state === "queued") return `A ${what} is queued.`;
  if (run?.state === "running") return `A ${what} is running.`;
  if (run?.state === "failed") return `The last ${what} failed: ${run.reason ?? "no reason is on record"}`;
  if (run?.state === "cancelled") return `The last ${what} was cancelled.`;
  return `A ${what} is made when the promotion is requested.`;
}
