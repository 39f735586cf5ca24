import type { Clause, ContractDocument } from "@/lib/contracts/document";
import { formatNumber, formatQuantity } from "@/lib/format";
import { ceilingOf, holdsRate, keeps, loadClauses, marginsOf, type Verdict } from "@/lib/serving/feasibility";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";

/** What a curve leaves of the values that could be typed for one clause. */
export type FeasibleRange = {
  readonly verdict: Verdict;
  /** Values on this side of `bound` cannot be promised. */
  readonly side: "below" | "above";
  /** In the clause's unit; null: no value of this clause alone would do. */
  readonly bound: number | null;
  readonly typed: number;
  /** End of the scale on which bound and typed value are drawn, from 0. */
  readonly end: number;
  readonly words: string;
};

/**
 * Of a latency or throughput clause of `document`: which targets `curve` rules out while the other clauses stay as they are. Null where
 * the curve says nothing of it. Conservative as the verdict is: judged by the next measured rate at or above the ceiling.
 */
export function feasibleRange(document: ContractDocument, id: string, curve: LoadCurve): FeasibleRange | null {
  const clause = loadClauses(document).find((each) => each.id === id);
  const margin = marginsOf(document, curve).find((each) => each.clause === id);
  if (!clause || !margin || margin.verdict === "unknown") return null;
  const { verdict } = margin;
  const ofRate = clause.kind === "throughput";
  const bound = ofRate ? highestKept(document, curve) : latencyBound(document, clause, curve);
  return {
    verdict,
    side: ofRate ? "above" : "below",
    bound,
    typed: clause.target,
    end: Math.max(clause.target, bound ?? 0) * 1.4,
    words: ofRate ? rateWords(bound) : latencyWords(clause, bound, ceilingOf(document)),
  };
}

/** The highest measured rate that keeps every latency and rate that is promised: a ceiling above it is broken. Null: none does. */
export function highestKept(document: ContractDocument, curve: LoadCurve): number | null {
  const clauses = loadClauses(document);
  const step = curve.steps.findLast(
    (each) => holdsRate(each) && clauses.every((clause) => keeps(clause, each) !== false),
  );
  return step?.offeredPerSecond ?? null;
}

function latencyBound(document: ContractDocument, { metric }: Clause, curve: LoadCurve): number | null {
  const ceiling = ceilingOf(document);
  const step: LoadStep | undefined =
    ceiling === null
      ? curve.steps[0]
      : curve.steps.find(({ offeredPerSecond }) => offeredPerSecond >= ceiling * (1 - 1e-9));
  if (!step?.latencyMs || !holdsRate(step)) return null;
  return metric === "p95" ? step.latencyMs.p95 : step.latencyMs.p99;
}

function rateWords(bound: number | null): string {
  if (bound === null) return "No measured rate keeps the promised latencies.";
  return `Measured: ${formatNumber(bound)} requests/s is the highest rate that keeps the latencies.`;
}

function latencyWords({ metric }: Clause, bound: number | null, ceiling: number | null): string {
  const at = ceiling === null ? "the lowest measured rate" : `${formatNumber(ceiling)} requests/s`;
  if (bound === null) return `At ${at} it does not keep up: no latency can be promised there.`;
  return `Measured: ${metric} ${formatQuantity(bound, "ms").text} at ${at}.`;
}
