import type { Clause } from "@/lib/contracts/document";
import { ratioInterval } from "@/lib/monitoring/intervals";
import { type LogBuckets, percentile } from "@/lib/monitoring/log-buckets";
import { type Estimate, estimate } from "@/lib/monitoring/quality";
import type { ServiceNumbers } from "@/lib/monitoring/schema";

/** Counts of requests over a window, and the latency of those that were taken on. */
export type ServiceSums = {
  readonly n: number;
  /** Answered, by the model or in its place. */
  readonly good: number;
  readonly fellBack: number;
  readonly rejected: number;
  readonly limited: number;
  readonly invalid: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly rows: number;
  /** Highest number of requests per second taken on, averaged over a minute. */
  readonly peakPerSecond: number;
  /** In microseconds. */
  readonly latency: LogBuckets;
};

/** What availability is counted from. */
export type AnswerSums = Pick<ServiceSums, "n" | "good" | "fellBack" | "limited" | "invalid">;

/**
 * Requests that had a right to an answer, and those that got one: what was refused beyond the ceiling, as promised, or for what the client
 * sent does not count. An answer in the model's place is a failure, unless the clause says that it counts (`answer`).
 */
export function answeredOf(sums: AnswerSums, fallbacks: Clause["fallbacks"] = "failure") {
  return {
    n: Math.max(0, sums.n - sums.limited - sums.invalid),
    good: fallbacks === "answer" ? sums.good : sums.good - sums.fellBack,
  };
}

/** The share of requests with a right to an answer that got one (`answeredOf`), with its interval; null without such requests. */
export function availabilityOf(
  sums: AnswerSums,
  target = 0.999,
  fallbacks: Clause["fallbacks"] = "failure",
): (Estimate & { readonly n: number }) | null {
  const { n, good } = answeredOf(sums, fallbacks);
  return n === 0 ? null : { n, ...estimate(good / n, ratioInterval(good, n, target)) };
}

/** A latency percentile in milliseconds with its interval, over requests that were taken on (answered or timed out); null without any. */
export function latencyOf(sums: Pick<ServiceSums, "latency">, p: number): (Estimate & { readonly n: number }) | null {
  const found = percentile(sums.latency, p);
  if (!found) return null;
  return { n: found.n, ...estimate(found.value / 1000, { low: found.low / 1000, high: found.high / 1000 }) };
}

/** What tiles and charts show of a window: the same numbers that the clauses are judged by. */
export function serviceNumbers(sums: ServiceSums): ServiceNumbers {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => latencyOf(sums, p));
  const shown = (e: Estimate | null | undefined) => (e ? { value: e.value, low: e.low, high: e.high } : null);
  return {
    latencyN: p50?.n ?? 0,
    p50: shown(p50),
    p95: shown(p95),
    p99: shown(p99),
    requests: sums.n,
    rows: sums.rows,
    peakPerSecond: sums.peakPerSecond,
    outcomes: {
      model: sums.good - sums.fellBack,
      fallback: sums.fellBack,
      limited: sums.limited,
      invalid: sums.invalid,
      unavailable: sums.rejected - sums.limited - sums.invalid,
      error: sums.failed,
      timeout: sums.timedOut,
    },
    availability: shown(availabilityOf(sums)),
  };
}

/** A window without requests. */
export const NO_REQUESTS: ServiceSums = {
  ...{ n: 0, good: 0, fellBack: 0, rejected: 0, limited: 0, invalid: 0, failed: 0, timedOut: 0, rows: 0 },
  peakPerSecond: 0,
  latency: { bucket: [], count: [] },
};
