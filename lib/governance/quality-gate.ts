import { clauseName } from "@/lib/contracts/clause-words";
import type { Clause } from "@/lib/contracts/document";
import { formatCount, formatNumber } from "@/lib/format";
import { sliceKey } from "@/lib/monitoring/slices";
import type { Evaluation } from "@/lib/registry/model-schema";
import type { GateStatus } from "./gate-item";

export type Verdict = { readonly status: GateStatus; readonly reasons: readonly string[] };
type Metric = Evaluation["metrics"][number];

const rowsOf = ({ slice }: Pick<Clause, "slice">) => (slice ? sliceKey(slice) : null);

const metricOf = (evaluation: Evaluation, clause: Clause) =>
  evaluation.metrics.find(({ metric, slice }) => metric === clause.metric && rowsOf({ slice }) === rowsOf(clause));

/** Whether a clause promises something that an evaluation before serving can show; coverage and delay of labels cannot. */
export function isEvaluated({ kind, metric }: Clause): boolean {
  return kind === "quality" && metric !== "label_coverage" && metric !== "label_delay_p95";
}

const metricText = (clause: Clause) => (clause.slice ? `${clause.metric} (${clauseName(clause)})` : clause.metric);
const sign = (clause: Clause) => (clause.direction === "at_least" ? "≥" : "≤");

/** The promise of a clause in words: "AUC ≥ 0.7". */
export function promiseOf(clause: Clause): string {
  return `${clauseName(clause)} ${sign(clause)} ${formatNumber(clause.target)}`;
}

/**
 * Whether an evaluation meets a quality clause: its point estimate is on the good side of the target, and rests on at least as many
 * rows as the clause itself asks for. A report without the metric fails, for a report is part of its version and will not change.
 */
export function meetsClause(clause: Clause, evaluation: Evaluation): Verdict {
  const found = metricOf(evaluation, clause);
  if (!found) return { status: "fail", reasons: [`The evaluation does not report ${metricText(clause)}.`] };
  const value = `${formatNumber(found.value)} on ${formatCount(found.n)} rows`;
  if (found.n < clause.minSamples) {
    return { status: "fail", reasons: [`${value}; the clause asks for at least ${formatCount(clause.minSamples)}.`] };
  }
  if (worseBy(clause, found.value, clause.target) > 0) return { status: "fail", reasons: [`${value}.`] };
  return { status: "pass", reasons: [`${value}.`] };
}

/**
 * Whether a candidate is not worse than the incumbent on the metric of a clause. It passes when its point estimate is not worse, or,
 * where both reports give a 95 % interval, when the intervals overlap; where one gives none, when it is worse by no more than the
 * clause's signed at-risk band |target - atRisk|.
 */
export function notWorse(clause: Clause, candidate: Evaluation, incumbent: Evaluation): Verdict {
  const now = metricOf(candidate, clause);
  const before = metricOf(incumbent, clause);
  if (!now) return { status: "fail", reasons: [`The evaluation does not report ${metricText(clause)}.`] };
  if (!before)
    return { status: "pass", reasons: [`The incumbent's evaluation does not report ${metricText(clause)}.`] };
  const name = clauseName(clause);
  const pair = `${name} ${formatNumber(now.value)}, incumbent ${formatNumber(before.value)}`;
  const worse = worseBy(clause, now.value, before.value);
  if (worse <= 0) return { status: "pass", reasons: [`${pair}.`] };
  const overlap = overlapOf(now, before);
  if (overlap !== null) {
    return overlap
      ? { status: "pass", reasons: [`${pair}: the 95 % intervals overlap.`] }
      : { status: "fail", reasons: [`${pair}: worse, and the 95 % intervals do not overlap.`] };
  }
  const band = Math.abs(clause.target - clause.atRisk);
  const by = `${pair}: worse by ${formatNumber(worse)} without an interval`;
  return worse <= band
    ? { status: "pass", reasons: [`${by}, inside the signed at-risk band of ${formatNumber(band)}.`] }
    : { status: "fail", reasons: [`${by}; the signed at-risk band allows ${formatNumber(band)}.`] };
}

/** How far `value` is on the wrong side of `reference`; zero or less: not worse. */
function worseBy(clause: Clause, value: number, reference: number): number {
  return clause.direction === "at_least" ? reference - value : value - reference;
}

/** Null where one of the two has no interval. */
function overlapOf(a: Metric, b: Metric): boolean | null {
  if (a.low === undefined || a.high === undefined || b.low === undefined || b.high === undefined) return null;
  return a.low <= b.high && b.low <= a.high;
}
