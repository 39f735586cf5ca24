import type { Clause, ContractDocument } from "@/lib/contracts/document";
import { formatNumber, formatQuantity } from "@/lib/format";
import { ceilingOf, highestRate, holdsRate, loadClauses, marginsOf, type Verdict } from "@/lib/serving/feasibility";
import type { LoadCurve, LoadStep } from "@/lib/serving/load-curve";

/** What a curve leaves of the values that could be typed for one clause. */
export type FeasibleRange = {
  readonly verdict: Verdict;
  /** Whether the typed value is among those that cannot be promised. */
  readonly out: boolean;
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
  const step = ofRate ? null : judgedStep(document, curve);
  const bound = ofRate
    ? (highestRate(loadClauses(document), curve)?.offeredPerSecond ?? null)
    : latencyAt(clause, step);
  return {
    verdict,
    out: bound === null || (ofRate ? clause.target > bound : clause.target < bound),
    side: ofRate ? "above" : "below",
    bound,
    typed: clause.target,
    end: Math.max(clause.target, bound ?? 0) * 1.4,
    words: ofRate ? rateWords(bound, verdict) : latencyWords(clause, bound, step, ceilingOf(document)),
  };
}

/** The next measured rate at or above the promised ceiling; without a ceiling the lowest. */
function judgedStep(document: ContractDocument, { steps }: LoadCurve): LoadStep | null {
  const ceiling = ceilingOf(document);
  const step =
    ceiling === null ? steps[0] : steps.find(({ offeredPerSecond }) => offeredPerSecond >= ceiling * (1 - 1e-9));
  return step ?? null;
}

function latencyAt({ metric }: Clause, step: LoadStep | null): number | null {
  if (!step?.latencyMs || !holdsRate(step)) return null;
  return metric === "p95" ? step.latencyMs.p95 : step.latencyMs.p99;
}

function rateWords(bound: number | null, verdict: Verdict): string {
  if (bound === null) return "No measured rate keeps the promised latencies.";
  const words = `${formatNumber(bound)} requests/s is the highest measured rate that keeps the latencies.`;
  return verdict === "infeasible" ? `It is not held. ${words}` : words;
}

function latencyWords({ metric }: Clause, bound: number | null, step: LoadStep | null, ceiling: number | null): string {
  const rate = step?.offeredPerSecond ?? ceiling ?? 0;
  const at = `${formatNumber(rate)} requests/s`;
  if (bound === null) return `At ${at} it does not keep up: no latency can be promised there.`;
  const next = ceiling !== null && rate > ceiling * (1 + 1e-9) ? ", the next measured rate" : "";
  return `Measured: ${metric} ${formatQuantity(bound, "ms").text} at ${at}${next}.`;
}
