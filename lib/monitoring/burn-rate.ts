import type { Clause } from "@/lib/contracts/document";
import { wilson } from "@/lib/monitoring/intervals";
import type { LogBuckets } from "@/lib/monitoring/log-buckets";
import { type AnswerSums, answeredOf } from "@/lib/monitoring/service";
import { budgetOf, MIN_REQUESTS, tidy, whyWrong } from "@/lib/serving/burn-alerts";

/**
 * Error budgets and burn rates of clauses, from summed counts, never from means of ratios: burn = (bad / n) / budget, no traffic is no
 * burn. Which alerts a budget has: lib/serving/burn-alerts.ts.
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
