import { percentileRanks } from "@/lib/monitoring/intervals";
import type { LoadStep } from "@/lib/serving/load-curve";
import { type LoadOrder, type LoadResult, OUTCOMES, type RequestOutcome } from "./load-messages";

/** One step of a load curve from what became of its requests. `cpuSeconds`: of the serving process during the step; null: not known. */
export function toStep(order: LoadOrder, result: LoadResult, cpuSeconds: number | null): LoadStep {
  const count = counts(result);
  const n = result.due.length;
  // An answer counts for the rate when it came while the rate was offered, or the interval after.
  const end = order.seconds * 1000 + 1000 / order.perSecond;
  let inTime = 0;
  const kept: number[] = [];
  for (let k = 0; k < n; k++) {
    const what = OUTCOMES[result.outcome[k] ?? 0];
    const latency = result.latency[k] ?? 0;
    if (what === "model" && (result.due[k] ?? 0) + latency <= end) inTime++;
    if (what !== "refused") kept.push(latency);
  }
  return {
    offeredPerSecond: order.perSecond,
    achievedPerSecond: (order.perSecond * inTime) / n,
    seconds: order.seconds,
    n,
    errors: count.failed + count.broken + count.fallback + count.secondary,
    timeouts: count.timeout + count.unanswered,
    rejected: count.refused,
    latencyMs: latencyOf(Float64Array.from(kept).sort()),
    cpuSecondsPer1000: cpuSeconds === null ? null : (1000 * cpuSeconds) / n,
    lateSends: result.lateSends,
  };
}

/** Requests by what became of them. */
export function counts({ outcome }: Pick<LoadResult, "outcome">): Readonly<Record<RequestOutcome, number>> {
  const found = Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as Record<RequestOutcome, number>;
  for (const each of outcome) {
    const name = OUTCOMES[each];
    if (name) found[name]++;
  }
  return found;
}

/** Percentiles of sorted milliseconds: x(ceil(n p)), with the upper end of the exact 95 % interval. */
function latencyOf(sorted: Float64Array): LoadStep["latencyMs"] {
  const n = sorted.length;
  if (n === 0) return null;
  const at = (rank: number) => sorted[Math.min(n, Math.max(1, rank)) - 1] ?? 0;
  const [p95, p99] = [percentileRanks(n, 0.95), percentileRanks(n, 0.99)];
  const high = (rank: number) => (rank > n ? null : at(rank));
  return {
    p50: at(Math.ceil(n / 2)),
    p95: at(p95.rank),
    p99: at(p99.rank),
    p95High: high(p95.high),
    p99High: high(p99.high),
    max: at(n),
  };
}
