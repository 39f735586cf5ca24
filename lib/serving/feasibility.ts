import { z } from "zod";
import type { Clause, ContractDocument } from "@/lib/contracts/document";
import { formatNumber } from "@/lib/format";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";

/**
 * Whether a contract can be kept, as far as a load curve shows it. Conservative: between two measured rates the next higher one counts,
 * and nothing is said of rates beyond the highest one, unless a lower rate breaks the promise already.
 */

export const verdict = z.enum(["feasible", "infeasible", "unknown"]);
export type Verdict = z.output<typeof verdict>;

export const clauseMargin = z.strictObject({
  clause: z.string(),
  metric: z.enum(["p95", "p99", "ceiling"]),
  target: z.number(),
  unit: z.enum(["ms", "requests/s"]),
  /** The measured rate that is judged, in requests per second; null: none was measured that could be. */
  atPerSecond: z.number().nullable(),
  /** Milliseconds, or answers per second. */
  measured: z.number().nullable(),
  /** Upper end of the 95 % interval of a percentile. */
  high: z.number().nullable(),
  /** By how much the promise holds, in its unit; negative: it does not. */
  margin: z.number().nullable(),
  verdict,
  words: z.string(),
});
export type ClauseMargin = z.output<typeof clauseMargin>;

/** Of the requests due, a step may leave so many without an answer of the model. */
const LEFT_OUT = 0.01;
/** A rate is held when so much of it is answered while it is offered. */
const HELD = 0.95;

/** The promised ceiling in requests per second; null: the contract has none. */
export function ceilingOf({ clauses }: Pick<ContractDocument, "clauses">): number | null {
  return clauses.find(({ kind }) => kind === "throughput")?.target ?? null;
}

/** Clauses that a load curve says something about. */
export function loadClauses({ clauses }: Pick<ContractDocument, "clauses">): readonly Clause[] {
  return clauses.filter(({ kind }) => kind === "latency" || kind === "throughput");
}

/** Why a curve says nothing of this contract; null: it does. Other settings make another curve. */
export function curveMisfit(document: ContractDocument, curve: LoadCurve): string | null {
  const { target, tier } = document.serving;
  if (curve.target !== target || curve.tier !== tier) {
    return `The curve is of ${curve.target}/${curve.tier}; the contract is for ${target}/${tier}.`;
  }
  const batching = document.failureMode?.batching ?? null;
  if (curve.kind === "measured" && batchingWords(curve.settings.batching) !== batchingWords(batching)) {
    return `The curve was measured with ${batchingWords(curve.settings.batching)}; the contract has ${batchingWords(batching)}.`;
  }
  return null;
}

type Batching = LoadCurve["settings"]["batching"];
const batchingWords = (batching: Batching) =>
  batching && batching.maxDelayMs > 0
    ? `batches of at most ${batching.maxRows} rows and ${formatNumber(batching.maxDelayMs)} ms`
    : "no delay for batches";

/** Whether a step holds its rate: it answers at least 95 % of it in time, and leaves no more than 1 % without an answer of the model. */
export function holdsRate(step: LoadStep): boolean {
  return step.achievedPerSecond >= HELD * step.offeredPerSecond && leftOut(step) <= LEFT_OUT;
}

/** Share of the requests due that got no answer of the model. */
export function leftOut({ n, errors, timeouts, rejected }: LoadStep): number {
  return n === 0 ? 0 : (errors + timeouts + rejected) / n;
}

/** Whether a step keeps one clause; null: it says nothing of it. */
export function keeps(clause: Clause, step: LoadStep): boolean | null {
  if (clause.kind === "throughput") return holdsRate(step);
  const value = percentileOf(clause, step);
  if (value === null) return leftOut(step) > LEFT_OUT ? false : null;
  return value <= clause.target && leftOut(step) <= LEFT_OUT;
}

function percentileOf({ metric }: Clause, { latencyMs }: LoadStep): number | null {
  return latencyMs && (metric === "p95" ? latencyMs.p95 : latencyMs.p99);
}

/**
 * The step of the highest measured rate that holds and keeps all of `clauses`; null: none does. A slower step at a lower rate says
 * something of its moment, not of the higher one.
 */
export function highestRate(clauses: readonly Clause[], curve: LoadCurve): LoadStep | null {
  return (
    curve.steps.findLast((step) => holdsRate(step) && clauses.every((each) => keeps(each, step) !== false)) ?? null
  );
}

/** The margin of every latency and throughput clause at the promised ceiling; without one, at the lowest measured rate. */
export function marginsOf(document: ContractDocument, curve: LoadCurve): readonly ClauseMargin[] {
  const misfit = curveMisfit(document, curve);
  const ceiling = ceilingOf(document);
  return loadClauses(document).map((clause) => {
    const why = misfit ?? otherPopulation(clause, curve);
    if (why !== null) return silent(clause, why);
    return marginOf(clause, curve, ceiling);
  });
}

function otherPopulation({ kind, population }: Clause, { rowsPerRequest }: LoadCurve): string | null {
  if (kind === "throughput") return null;
  if (population.minRows <= rowsPerRequest && rowsPerRequest <= population.maxRows) return null;
  return `The curve is of ${rowsPerRequest} row per request; the clause counts ${population.minRows} to ${population.maxRows}.`;
}

function marginOf(clause: Clause, curve: LoadCurve, ceiling: number | null): ClauseMargin {
  const judged = judgedStep(clause, curve, ceiling);
  if (!judged) {
    const highest = curve.steps.at(-1)?.offeredPerSecond ?? 0;
    return silent(clause, `Measured up to ${rate(highest)} only; promised up to ${rate(ceiling ?? 0)}.`);
  }
  const held = keeps(clause, judged);
  if (held === null) return silent(clause, `No request was answered at ${rate(judged.offeredPerSecond)}.`);
  const isRate = clause.kind === "throughput";
  const measured = isRate ? judged.achievedPerSecond : percentileOf(clause, judged);
  const latency = judged.latencyMs;
  const high = isRate || !latency ? null : clause.metric === "p95" ? latency.p95High : latency.p99High;
  const margin =
    measured === null ? null : isRate ? measured - HELD * judged.offeredPerSecond : clause.target - measured;
  return {
    ...headOf(clause),
    atPerSecond: judged.offeredPerSecond,
    measured,
    high,
    margin,
    verdict: held ? "feasible" : "infeasible",
    words: wordsOf(clause, judged, ceiling),
  };
}

/** The next measured rate at or above the ceiling; where there is none, a lower one that breaks the promise already. */
function judgedStep(clause: Clause, { steps }: LoadCurve, ceiling: number | null): LoadStep | undefined {
  if (ceiling === null) return steps[0];
  const above = steps.find(({ offeredPerSecond }) => offeredPerSecond >= ceiling * (1 - 1e-9));
  return above ?? steps.find((step) => keeps(clause, step) === false);
}

const rate = (perSecond: number) => `${formatNumber(perSecond)} requests/s`;

function wordsOf(clause: Clause, step: LoadStep, ceiling: number | null): string {
  const promised = ceiling === null ? "" : ` at ${rate(ceiling)}`;
  const lost = leftOut(step);
  const without = lost > 0 ? `; ${formatNumber(100 * lost)} % without an answer of the model` : "";
  if (clause.kind === "throughput") {
    return `${rate(step.achievedPerSecond)} answered of ${rate(step.offeredPerSecond)}${without}; promised ${rate(clause.target)}.`;
  }
  const value = percentileOf(clause, step);
  const latency = value === null ? `no ${clause.metric}` : `${clause.metric} ${formatNumber(value)} ms`;
  const slowed = step.achievedPerSecond < HELD * step.offeredPerSecond;
  const at = slowed
    ? `${rate(step.achievedPerSecond)} (${rate(step.offeredPerSecond)} asked)`
    : rate(step.offeredPerSecond);
  return `${latency} at ${at}${without}; promised ≤ ${formatNumber(clause.target)} ms${promised}.`;
}

function headOf({ id, metric, target, unit }: Clause) {
  const known = z.enum(["p95", "p99", "ceiling"]).parse(metric);
  return { clause: id, metric: known, target, unit: unit === "requests/s" ? unit : ("ms" as const) };
}

function silent(clause: Clause, words: string): ClauseMargin {
  const nothing = { atPerSecond: null, measured: null, high: null, margin: null };
  return { ...headOf(clause), ...nothing, verdict: "unknown", words };
}

/** Infeasible as soon as one clause is; feasible when every clause is. */
export function verdictOf(margins: readonly ClauseMargin[]): Verdict {
  if (margins.some((each) => each.verdict === "infeasible")) return "infeasible";
  return margins.length > 0 && margins.every((each) => each.verdict === "feasible") ? "feasible" : "unknown";
}
