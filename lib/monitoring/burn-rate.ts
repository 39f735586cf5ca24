import type { Clause } from "@/lib/contracts/document";
import { wilson } from "@/lib/monitoring/intervals";
import type { LogBuckets } from "@/lib/monitoring/log-buckets";
import { type AnswerSums, answeredOf } from "@/lib/monitoring/service";
import type { AlertSeverity } from "@/lib/monitoring/slo-view";
import { MINUTE_MS } from "@/lib/time";

/**
 * Error budgets and burn rates of clauses, from summed counts, never from means of ratios: burn = (bad / n) / budget, no traffic is no
 * burn. Windows and factors: Google SRE workbook, table 5-8 (30 days), scaled to the clause's own window.
 */

/** What a budget follows from. */
export type BudgetClause = Pick<Clause, "kind" | "metric" | "target" | "windowSeconds" | "fallbacks">;

export type Counts = {
  /** Requests that count, and those of them that broke the promise. */
  readonly n: number;
  readonly bad: number;
  /** Those of which that cannot be told; counted as good. */
  readonly uncertain: number;
};

/** Twelve significant digits: 1 - 0.999 is 0.001. */
export const tidy = (value: number) => Number(value.toPrecision(12));

/** The share of requests that must be good: the availability, or the percentile's own share for a latency. Null: it counts no requests. */
export function objectiveOf({ kind, metric, target }: BudgetClause): number | null {
  if (kind === "availability") return target;
  if (metric === "p95") return 0.95;
  return metric === "p99" ? 0.99 : null;
}

export const budgetOf = (objective: number) => tidy(1 - objective);

/** Good and bad requests of a clause. Latency: slower than the target, as far as the buckets can tell. */
export function countsOf(clause: BudgetClause, sums: AnswerSums & { readonly latency: LogBuckets }): Counts {
  if (clause.kind === "latency") return slowerThan(sums.latency, clause.target * 1000);
  const { n, good } = answeredOf(sums, clause.fallbacks);
  return { n, bad: n - good, uncertain: 0 };
}

/** Values of whole buckets above `limit` are bad; those of the bucket that holds it cannot be told, and count as good. */
export function slowerThan({ bucket, count }: LogBuckets, limit: number): Counts {
  let [n, bad, uncertain] = [0, 0, 0];
  for (const [i, k] of count.entries()) {
    const b = bucket[i] ?? 0;
    n += k;
    if (2 ** (b / 32) > limit) bad += k;
    else if (2 ** ((b + 1) / 32) > limit) uncertain += k;
  }
  return { n, bad, uncertain };
}

/** Times the rate that just spends the budget over the clause's window; 0 without traffic. */
export function burnOf({ n, bad }: Pick<Counts, "n" | "bad">, budget: number): number {
  return n === 0 || bad === 0 ? 0 : tidy(bad / n / budget);
}

/** Share of the budget that is left: 1 untouched, 0 spent, negative overspent; null without traffic. */
export function budgetLeft({ n, bad }: Pick<Counts, "n" | "bad">, budget: number): number | null {
  if (n === 0) return null;
  return bad === 0 ? 1 : tidy(1 - bad / n / budget);
}

/**
 * Milliseconds until a budget is spent that burns on at `burn` and of which nothing comes back: the earliest that it can be. Null where
 * that is never: at a burn of 1 or less as much comes back as is spent.
 */
export function exhaustionMs(left: number, burn: number, windowSeconds: number): number | null {
  return burn <= 1 || left <= 0 ? null : (left * windowSeconds * 1000) / burn;
}

/** So many requests in the long window, or nothing fires: one failure of ten is no trend. */
export const MIN_REQUESTS = 100;

export type BurnAlert = {
  readonly severity: AlertSeverity;
  readonly factor: number;
  /** Share of the budget that is spent over the long window at that rate. */
  readonly spends: number;
  readonly longMs: number;
  readonly shortMs: number;
  /** Bad share above which it fires. */
  readonly threshold: number;
  /** Why it is left out; null: it can fire, and does not at rest. */
  readonly leftOut: string | null;
};

const PAIRS = [
  { severity: "page", factor: 14.4, spends: 0.02 },
  { severity: "page", factor: 6, spends: 0.05 },
  { severity: "ticket", factor: 3, spends: 0.1 },
  { severity: "ticket", factor: 1, spends: 0.1 },
] as const;

/**
 * The four alerts of a budget: over the 30 days of the reference 1 h / 5 min, 6 h / 30 min, 1 d / 2 h and 3 d / 6 h, over another window
 * as much shorter or longer, in whole minutes. One that cannot be right is left out, with the reason.
 */
export function burnAlerts(objective: number, windowSeconds: number): BurnAlert[] {
  const budget = budgetOf(objective);
  return PAIRS.map((pair) => {
    // At `factor` times the even rate, `spends` of the budget is gone after this share of the window.
    const longMs = (pair.spends / pair.factor) * windowSeconds * 1000;
    const shortMs = wholeMinutes(longMs / 12);
    const sized = { ...pair, longMs: wholeMinutes(longMs), shortMs, threshold: tidy(pair.factor * budget) };
    return { ...sized, leftOut: longMs < 2 * MINUTE_MS ? tooShort() : whyWrong(pair.factor, objective) };
  });
}

const wholeMinutes = (ms: number) => Math.max(1, Math.round(ms / MINUTE_MS)) * MINUTE_MS;
const tooShort = () => "requests are counted by the minute, and its long window would be shorter than two";

/**
 * Why an alert at `factor` times the budget of `objective` can never be right; null: it can. It could never fire where it would take more
 * than all requests to fail; it would fire at rest where the promise allows as many failures.
 */
export function whyWrong(factor: number, objective: number): string | null {
  const budget = budgetOf(objective);
  if (budget <= 0) return "a promise without exceptions leaves no budget that could burn: every failure breaks it";
  if (budget >= 1) return "a promise that nothing need be good has no failures";
  if (tidy(factor * budget) >= 1) {
    return `can never fire: ${factor} times a budget of ${percent(budget)} is ${percent(factor * budget)} of all requests`;
  }
  if (factor < 1) return `would fire at rest: the promise itself allows ${percent(budget)} to fail`;
  return null;
}

const percent = (ratio: number) => `${tidy(Number((ratio * 100).toPrecision(4)))} %`;

export type BurnVerdict = {
  readonly fires: boolean;
  readonly burnLong: number;
  readonly burnShort: number;
  /** `unproven`: too few requests in the long window to say anything. */
  readonly state: "measured" | "unproven";
};

/**
 * Whether a budget burns `factor` times too fast: in both windows, over enough requests, and with the whole 95 % interval of the long
 * window's bad share (Wilson) above the threshold.
 */
export function burnVerdict(
  { factor, objective, minRequests = MIN_REQUESTS }: { factor: number; objective: number; minRequests?: number },
  long: Pick<Counts, "n" | "bad">,
  short: Pick<Counts, "n" | "bad">,
): BurnVerdict {
  const budget = budgetOf(objective);
  const [burnLong, burnShort] = [burnOf(long, budget), burnOf(short, budget)];
  const enough = long.n >= minRequests;
  const fires =
    enough &&
    whyWrong(factor, objective) === null &&
    burnLong > factor &&
    burnShort > factor &&
    wilson(long.bad, long.n).low > factor * budget;
  return { fires, burnLong, burnShort, state: enough ? "measured" : "unproven" };
}
