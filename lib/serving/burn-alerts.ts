import type { Clause } from "@/lib/contracts/document";
import { MINUTE_MS } from "@/lib/time";

/**
 * Which alerts an error budget has. Windows and factors: Google SRE workbook, table 5-8 (30 days), scaled to the clause's own window.
 */

/** Twelve significant digits: 1 - 0.999 is 0.001. */
export const tidy = (value: number) => Number(value.toPrecision(12));

/** The share of requests that must be good: the availability, or the percentile's own share for a latency. Null: it counts no requests. */
export function objectiveOf({ metric, target }: Pick<Clause, "metric" | "target">): number | null {
  if (metric === "success_ratio") return target;
  if (metric === "p95") return 0.95;
  return metric === "p99" ? 0.99 : null;
}

export const budgetOf = (objective: number) => tidy(1 - objective);

/** So many requests in the long window, or nothing fires: one failure of ten is no trend. */
export const MIN_REQUESTS = 100;

export type BurnAlert = {
  readonly severity: "page" | "ticket";
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
