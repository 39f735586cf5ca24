import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { budgetLeft, burnOf, burnVerdict, countsOf, exhaustionMs, slowerThan } from "@/lib/monitoring/burn-rate";
import { wilson } from "@/lib/monitoring/intervals";
import { bucketOf } from "@/lib/monitoring/log-buckets";
import { NO_REQUESTS } from "@/lib/monitoring/service";
import { budgetOf, burnAlerts, objectiveOf, tidy, whyWrong } from "@/lib/serving/burn-alerts";
import vectors from "./vectors.json";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS_30 = 30 * 86_400;

describe("published vectors", () => {
  test.each(vectors.burn.cases.map((one) => [one.name, one] as const))("%s", (_, one) => {
    const verdict = burnVerdict(
      { factor: one.k, objective: one.target, minRequests: one.min_samples },
      one.long,
      one.short,
    );
    expect(verdict.burnLong).toBeCloseTo(one.burn_long, 9);
    expect(verdict.burnShort).toBeCloseTo(one.burn_short, 9);
    expect(verdict.fires).toBe(one.page);
    expect(verdict.state).toBe(one.state);
    expect(whyWrong(one.k, one.target) === null).toBe(one.reachable);
    if (one.wilson_low_long !== null) expect(wilson(one.long.bad, one.long.n).low).toBeCloseTo(one.wilson_low_long, 9);
  });

  test("the budget that is left comes from sums, not from the mean of daily ratios", () => {
    const { target, days_bad_n: days, remaining_from_sums: expected } = vectors.burn.budget;
    const sum = days.reduce((all, [bad = 0, n = 0]) => ({ bad: all.bad + bad, n: all.n + n }), { bad: 0, n: 0 });
    expect(budgetLeft(sum, budgetOf(target))).toBeCloseTo(expected, 9);
  });
});

test("decimals are those that a person would write", () => {
  expect(budgetOf(0.999)).toBe(0.001);
  expect(burnOf({ n: 10_000, bad: 200 }, budgetOf(0.999))).toBe(20);
  expect(burnAlerts(0.999, DAYS_30).map(({ threshold }) => threshold)).toEqual([0.0144, 0.006, 0.003, 0.001]);
});

test("over 30 days the windows are those of the workbook, over another window as much shorter", () => {
  const sizes = (seconds: number) => burnAlerts(0.999, seconds).map(({ longMs, shortMs }) => [longMs, shortMs]);
  expect(sizes(DAYS_30)).toEqual([
    [HOUR, 5 * MINUTE],
    [6 * HOUR, 30 * MINUTE],
    [24 * HOUR, 2 * HOUR],
    [72 * HOUR, 6 * HOUR],
  ]);
  expect(sizes(86_400)).toEqual([
    [2 * MINUTE, MINUTE],
    [12 * MINUTE, MINUTE],
    [48 * MINUTE, 4 * MINUTE],
    [144 * MINUTE, 12 * MINUTE],
  ]);
  expect(burnAlerts(0.999, 300).every(({ leftOut }) => leftOut?.includes("by the minute"))).toBe(true);
});

test("an alert that can never fire, or fires although the promise is kept, is left out with its reason", () => {
  expect(burnAlerts(0.9, DAYS_30).map(({ leftOut }) => leftOut !== null)).toEqual([true, false, false, false]);
  expect(whyWrong(14.4, 0.9)).toBe("can never fire: 14.4 times a budget of 10 % is 144 % of all requests");
  expect(whyWrong(0.5, 0.99)).toMatch(/at rest/);
  expect(whyWrong(1, 1)).toMatch(/without exceptions/);
  expect(whyWrong(14.4, 0.95)).toBeNull();
});

test("what is not left out can fire, and does not fire while failures keep within the promise", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const n = fc.integer({ min: 0, max: 1_000_000 });
  const objective = fc.double({ min: 0.5, max: 0.9999, noNaN: true });
  fc.assert(
    fc.property(objective, share, n, (target, part, total) => {
      const bad = Math.floor(part * budgetOf(target) * total);
      for (const { factor, leftOut } of burnAlerts(target, DAYS_30)) {
        if (leftOut !== null) continue;
        const all = { n: 10_000, bad: 10_000 };
        expect(burnVerdict({ factor, objective: target }, all, all).fires).toBe(true);
        const rest = { n: total, bad };
        expect(burnVerdict({ factor, objective: target }, rest, rest).fires).toBe(false);
      }
    }),
  );
});

test("adding minutes and then burning is burning the sum", () => {
  const minute = fc.record({ n: fc.integer({ min: 1, max: 1000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(minute, { minLength: 1 }), (minutes) => {
      const counts = minutes.map(({ n, share }) => ({ n, bad: Math.floor(n * share) }));
      const n = counts.reduce((sum, one) => sum + one.n, 0);
      const bad = counts.reduce((sum, one) => sum + one.bad, 0);
      const weighted = counts.reduce((sum, one) => sum + burnOf(one, 0.01) * (one.n / n), 0);
      expect(burnOf({ n, bad }, 0.01)).toBeCloseTo(weighted, 6);
      const left = budgetLeft({ n, bad }, 0.01);
      expect(left).toBeCloseTo(1 - weighted, 6);
    }),
  );
});

test("no traffic is neither a burn nor a full budget", () => {
  expect(burnOf({ n: 0, bad: 0 }, 0.001)).toBe(0);
  expect(budgetLeft({ n: 0, bad: 0 }, 0.001)).toBeNull();
});

test("a budget lasts at a burn of one, and else until what is left is spent", () => {
  expect(exhaustionMs(0.5, 1, DAYS_30)).toBeNull();
  expect(exhaustionMs(-0.1, 20, DAYS_30)).toBeNull();
  expect(exhaustionMs(0.5, 15, DAYS_30)).toBe(24 * HOUR);
});

test("a latency clause counts what is slower than its target; the bucket that holds the target counts as kept, and is told", () => {
  const buckets = [24_000, 25_000, 25_600, 40_000].map(bucketOf);
  const latency = { bucket: buckets, count: [90, 5, 3, 2] };
  const clause = { kind: "latency", metric: "p99", target: 25, windowSeconds: 3600 } as const;
  expect(countsOf(clause, { ...NO_REQUESTS, latency })).toEqual({ n: 100, bad: 5, uncertain: 5 });
  expect(slowerThan({ bucket: [], count: [] }, 25_000)).toEqual({ n: 0, bad: 0, uncertain: 0 });
  expect(objectiveOf(clause)).toBe(0.99);
});

test("availability counts what the ledger counts: refusals as promised are left out, fallbacks fail unless the clause takes them", () => {
  const sums = { ...NO_REQUESTS, n: 1000, good: 950, fellBack: 40, limited: 30, invalid: 10 };
  const clause = { kind: "availability", metric: "success_ratio", target: 0.99, windowSeconds: DAYS_30 } as const;
  expect(countsOf(clause, sums)).toEqual({ n: 960, bad: 50, uncertain: 0 });
  expect(countsOf({ ...clause, fallbacks: "answer" }, sums)).toEqual({ n: 960, bad: 10, uncertain: 0 });
});

test("a clause that counts no failing requests has no budget", () => {
  expect(objectiveOf({ metric: "auc", target: 0.7 })).toBeNull();
  expect(tidy(0.1 + 0.2)).toBe(0.3);
});
