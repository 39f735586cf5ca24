import { expect, test, vi } from "vitest";
import { calibrationOf } from "@/lib/monitoring/calibration";
import { aucInterval, aucOf } from "@/lib/monitoring/discrimination";
import { type Interval, meanInterval, percentileRanks, ratioInterval } from "@/lib/monitoring/intervals";
import { qualityEstimate } from "@/lib/monitoring/quality";
import { binomialCdf, logGamma, normalCdf } from "@/lib/monitoring/special-functions";

vi.setConfig({ testTimeout: 60_000 });

// Every interval that a clause is judged by covers the truth in 93 to 97 of 100 cases: computed where the law is known, else simulated.

/** A small seeded generator (mulberry32): the same cases in every run. */
function generator(seed: number) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

function share(repeats: number, truth: number, sample: () => Interval): number {
  let covered = 0;
  for (let i = 0; i < repeats; i++) {
    const { low, high } = sample();
    if (low <= truth && truth <= high) covered++;
  }
  return covered / repeats;
}

function expectNominal(coverage: number) {
  expect(coverage).toBeGreaterThanOrEqual(0.93);
  expect(coverage).toBeLessThanOrEqual(0.97);
}

test.each([
  [0.5, 1_000],
  [0.95, 1_000],
  [0.95, 10_000],
  [0.99, 10_000],
  [0.99, 100_000],
])("order statistics of the %d percentile of %d values (computed)", (p, n) => {
  const { low, high } = percentileRanks(n, p);
  expectNominal(binomialCdf(high - 1, n, p) - binomialCdf(low - 1, n, p));
});

test.each([
  [0.9, 1_000],
  [0.95, 1_000],
  [0.995, 10_000],
  [0.999, 100_000],
])("a ratio of %d among %d (computed)", (p, n) => {
  const logProbability = (k: number) =>
    logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log(1 - p);
  const spread = 8 * Math.sqrt(n * p * (1 - p)) + 8;
  let coverage = 0;
  for (let k = Math.max(0, Math.floor(n * p - spread)); k <= Math.min(n, n * p + spread); k++) {
    const { low, high } = ratioInterval(k, n, p);
    if (low <= p && p <= high) coverage += Math.exp(logProbability(k));
  }
  expectNominal(coverage);
});

test.each([200, 1_000])("logit DeLong on %d rows, a fifth of them positive", (n) => {
  const { uniform, normal } = generator(11);
  const shift = 0.9538725524; // AUC .75 = Φ(shift / √2)
  const truth = normalCdf(shift / Math.SQRT2);
  const coverage = share(1_500, truth, () => {
    const rows = Array.from({ length: n }, () => {
      const positive = uniform() < 0.2;
      return { score: normal() + (positive ? shift : 0), positive };
    }).sort((a, b) => a.score - b.score);
    const auc = aucOf(rows.map(({ positive }) => ({ positive: Number(positive), negative: Number(!positive) })));
    return auc ? aucInterval(auc) : { low: 0, high: 1 };
  });
  expectNominal(coverage);
});

test.each([500, 2_000])("mean log loss of %d rows", (n) => {
  const { uniform } = generator(12);
  const loss = (score: number, positive: boolean) => -Math.log(positive ? score : 1 - score);
  // Scores uniform on [.05, .95], outcomes at .8 times the score: the expected loss by integration.
  const steps = 20_000;
  let truth = 0;
  for (let i = 0; i < steps; i++) {
    const s = 0.05 + (0.9 * (i + 0.5)) / steps;
    truth += (0.8 * s * loss(s, true) + (1 - 0.8 * s) * loss(s, false)) / steps;
  }
  const coverage = share(1_500, truth, () => {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const s = 0.05 + 0.9 * uniform();
      const value = loss(s, uniform() < 0.8 * s);
      sum += value;
      squares += value * value;
    }
    return meanInterval(sum, squares, n);
  });
  expectNominal(coverage);
});

test.each(["brier", "mae", "rmse", "f1"] as const)("%s of 1,000 rows", (metric) => {
  const { uniform } = generator(14);
  // Scores uniform on [0, 1], outcomes at the score: E (s - y)^2 = E s (1 - s) = 1/6, E |s - y| = E 2 s (1 - s) = 1/3;
  // at threshold .5: P(tp) = 3/8, P(fp) = P(fn) = 1/8, so F1 = 3/4.
  const truth = { brier: 1 / 6, mae: 1 / 3, rmse: Math.sqrt(1 / 6), f1: 3 / 4 }[metric];
  const coverage = share(1_500, truth, () => {
    const sums = { tp: 0, fp: 0, fn: 0, tn: 0, sumSq: 0, sumSq2: 0, sumAbs: 0 };
    for (let i = 0; i < 1_000; i++) {
      const s = uniform();
      const y = Number(uniform() < s);
      const error = Math.abs(s - y);
      sums[s >= 0.5 ? (y === 1 ? "tp" : "fp") : y === 1 ? "fn" : "tn"]++;
      sums.sumSq += error ** 2;
      sums.sumSq2 += error ** 4;
      sums.sumAbs += error;
    }
    const found = qualityEstimate(metric, {
      ...{ scored: 1_000, labelled: 1_000, sumLog: 0, sumLog2: 0, delay: null, groups: [] },
      ...sums,
    });
    return { low: found?.low ?? 1, high: found?.high ?? 0 };
  });
  expectNominal(coverage);
});

test("calibration error of 2,000 rows, and its low end is above the truth in few samples", () => {
  const { uniform } = generator(13);
  // Scores uniform on [0, .6], outcomes at 1.2 times the score: |gap| = .2 s, so the truth is .06.
  const truth = 0.06;
  let above = 0;
  const repeats = 1_000;
  const coverage = share(repeats, truth, () => {
    const rows = Array.from({ length: 2_000 }, () => {
      const score = 0.6 * uniform();
      return { score, positive: uniform() < 1.2 * score };
    }).sort((a, b) => a.score - b.score);
    const found = calibrationOf(
      rows.map(({ score, positive }) => ({ positive: Number(positive), negative: Number(!positive), scoreSum: score })),
    );
    if (!found) return { low: 1, high: 1 };
    if (found.low > truth) above++;
    return found;
  });
  expectNominal(coverage);
  expect(above / repeats).toBeLessThanOrEqual(0.04);
});
