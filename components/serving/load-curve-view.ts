import type { XyChart, XyPoint, XySeries, XySigned } from "@/components/charts/xy";
import type { ContractDocument } from "@/lib/contracts/document";
import { formatNumber, formatPercent, formatQuantity } from "@/lib/format";
import { type ClauseMargin, ceilingOf, holdsRate, loadClauses, marginsOf } from "@/lib/serving/feasibility";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";

/** What the drawing of load curves and its words are made from. Rates are requests per second, latencies milliseconds. */

const PERCENTILES = ["p99", "p95", "p50"] as const;
type Percentile = (typeof PERCENTILES)[number];

export type CurveView = Omit<XyChart, "label"> & {
  readonly margins: readonly ClauseMargin[];
  readonly summary: string;
};

/**
 * `curve` is drawn with its percentiles and shaded below what it shows can be promised; `others` (attested ones) only with their p99,
 * dashed. With a document its latency clauses stand in the plane, at the promised ceiling.
 */
export function curveView(
  curve: LoadCurve,
  document: ContractDocument | null,
  others: readonly LoadCurve[] = [],
): CurveView {
  const margins = document ? marginsOf(document, curve) : [];
  const view = {
    xUnit: "requests/s",
    unit: "ms",
    series: [...PERCENTILES.map((each, index) => seriesOf(curve, each, index)), ...otherSeries(others)],
    signed: document ? promises(document, curve, margins) : [],
    marks: curve.knee && curve.knee.perSecond > 0 ? [{ x: curve.knee.perSecond, label: kneeLabel(curve) }] : [],
    floor: curve.kind === "measured" ? floorOf(curve, bindingPercentile(document)) : [],
  };
  return { ...view, margins, summary: summarise(curve, margins, others) };
}

const kneeLabel = ({ knee }: LoadCurve) => `knee ${formatNumber(knee?.perSecond ?? 0)}/s`;

function seriesOf(curve: LoadCurve, percentile: Percentile, colour: number): XySeries {
  return {
    name: curve.kind === "attested" ? `${percentile} attested` : percentile,
    colour,
    dashed: curve.kind === "attested",
    points: curve.steps.map((step): XyPoint => ({ x: step.offeredPerSecond, y: step.latencyMs?.[percentile] ?? null })),
  };
}

function otherSeries(others: readonly LoadCurve[]): XySeries[] {
  return others.map((other, index) => ({
    ...seriesOf(other, "p99", PERCENTILES.length + index),
    name: `p99 ${other.tool}${other.kind === "attested" ? ", attested" : ""}`,
  }));
}

/** The percentile whose curve bounds what can be promised: the highest that the contract names. */
function bindingPercentile(document: Pick<ContractDocument, "clauses"> | null): Percentile {
  const metrics = document?.clauses.map(({ metric }) => metric) ?? [];
  return metrics.includes("p95") && !metrics.includes("p99") ? "p95" : "p99";
}

/** Conservative, as the verdict is: up to each measured rate the latency at that rate; nothing where the rate is not held. */
function floorOf({ steps }: LoadCurve, percentile: Percentile) {
  return steps.map((step) => ({
    x: step.offeredPerSecond,
    y: holdsRate(step) && step.latencyMs ? step.latencyMs[percentile] : Number.POSITIVE_INFINITY,
  }));
}

const KEPT = { feasible: true, infeasible: false, unknown: null } as const;
const KEPT_WORD = { feasible: "kept", infeasible: "not kept", unknown: "not shown" } as const;

function promises(
  document: Pick<ContractDocument, "clauses">,
  curve: LoadCurve,
  margins: readonly ClauseMargin[],
): XySigned[] {
  const x = ceilingOf(document) ?? curve.steps[0]?.offeredPerSecond ?? 0;
  return loadClauses(document).flatMap((clause): XySigned[] => {
    const verdict = margins.find((margin) => margin.clause === clause.id)?.verdict ?? "unknown";
    if (clause.kind !== "latency") return [];
    return [
      {
        label: `${clause.metric} ≤ ${formatNumber(clause.target)} ms, ${KEPT_WORD[verdict]}`,
        x,
        y: clause.target,
        kept: KEPT[verdict],
      },
    ];
  });
}

/**
 * By how much a clause is kept or missed: "12.9 ms to spare, 52 % of the promise", "8 ms too slow"; of a rate, the highest one that keeps
 * every promise (`highest`, null: none does).
 */
export function marginText({ margin, metric, target, unit, verdict }: ClauseMargin, highest: number | null): string {
  if (metric === "ceiling") {
    const held = verdict === "infeasible" ? "not held" : "held";
    const best = highest === null ? "no measured rate" : `${formatNumber(highest)} requests/s is the highest rate that`;
    return `${held}; ${best} keeps every promise`;
  }
  if (margin === null) return "no margin is known";
  const size = formatQuantity(Math.abs(margin), unit).text;
  return margin < 0 ? `${size} too slow` : `${size} to spare, ${formatPercent(margin / target)} of the promise`;
}

/** The curve in words: range, knee, each promise with its verdict, and what else is drawn. */
function summarise(curve: LoadCurve, margins: readonly ClauseMargin[], others: readonly LoadCurve[]): string {
  const first = curve.steps[0];
  const last = curve.steps.at(-1);
  const head = `Latency against offered load, ${curve.kind} with ${curve.tool}, ${curve.steps.length} rates.`;
  const range = [first, last !== first ? last : undefined].flatMap((step) => (step ? [stepWords(step)] : []));
  const knee = curve.knee
    ? `Knee: ${formatNumber(curve.knee.perSecond)} requests/s held; ${curve.knee.reason}.`
    : "Every measured rate was held.";
  const judged = margins.map(({ clause, words, verdict }) => `${clause} ${KEPT_WORD[verdict]}: ${words}`);
  const beside = others.map(({ tool, kind, steps }) => `Also drawn: ${kind} with ${tool}, ${steps.length} rates.`);
  return [head, `${range.join("; ")}.`, knee, ...judged, ...beside].join(" ").replaceAll("..", ".");
}

function stepWords({ offeredPerSecond, latencyMs }: LoadStep): string {
  const at = `At ${formatNumber(offeredPerSecond)} requests/s`;
  return latencyMs ? `${at} p99 ${formatNumber(latencyMs.p99)} ms` : `${at} no latency`;
}
