import { describe, expect, test } from "vitest";
import { calibrationOf } from "@/lib/monitoring/calibration";
import { aucInterval, aucOf } from "@/lib/monitoring/discrimination";
import { clopperPearson, meanInterval, percentileRanks, wilson } from "@/lib/monitoring/intervals";
import { bucketOf, percentile } from "@/lib/monitoring/log-buckets";
import { type Estimate, type QualitySums, qualityEstimate } from "@/lib/monitoring/quality";
import { betaQuantile, gammaQ, normalCdf, Z95 } from "@/lib/monitoring/special-functions";
import vectors from "@/lib/monitoring/vectors.json";

/** Relative 1e-9, absolute below 1e-12. */
function near(actual: number, expected: number) {
  const difference = Math.abs(actual - expected);
  expect(difference, `${actual} is not ${expected}`).toBeLessThanOrEqual(Math.max(1e-12, 1e-9 * Math.abs(expected)));
}

/** One group per distinct score, ascending. */
function grouped(y: readonly number[], score: readonly number[]) {
  const groups = new Map<number, { positive: number; negative: number; scoreSum: number }>();
  for (const [i, s] of score.entries()) {
    const group = groups.get(s) ?? { positive: 0, negative: 0, scoreSum: 0 };
    if (y[i] === 1) group.positive++;
    else group.negative++;
    group.scoreSum += s;
    groups.set(s, group);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}

describe("agrees with scipy, scikit-learn and statsmodels to 1e-9", () => {
  test.each(vectors.normal.filter((v) => v.cdf !== undefined))(
    "normal distribution function at $x",
    ({ x, cdf, sf }) => {
      near(normalCdf(x ?? Number.NaN), cdf ?? Number.NaN);
      near(normalCdf(-(x ?? Number.NaN)), sf ?? Number.NaN);
    },
  );

  test.each(vectors.chi2_sf)("incomplete gamma: chi-squared tail at $x, $df degrees", ({ x, df, sf }) => {
    near(gammaQ(df / 2, x / 2), sf);
  });

  test.each(vectors.beta_inc)("beta quantile $q of ($a, $b)", ({ q, a, b, quantile }) => {
    near(betaQuantile(q, a, b), quantile);
  });

  test.each(vectors.proportions)("Wilson and Clopper-Pearson of $k in $n", ({ k, n, ...expected }) => {
    const found = { wilson: wilson(k, n), clopper_pearson: clopperPearson(k, n) };
    for (const method of ["wilson", "clopper_pearson"] as const) {
      near(found[method].low, expected[method][0] ?? Number.NaN);
      near(found[method].high, expected[method][1] ?? Number.NaN);
    }
  });

  test.each(vectors.order_statistics)("order-statistic ranks of p = $p in $n values", (v) => {
    const found = percentileRanks(v.n, v.p);
    expect(found).toEqual({ rank: v.rank, low: v.low_rank ?? 0, high: v.high_rank ?? v.n + 1 });
  });

  test.each(vectors.auc)("AUC $auc with DeLong's variance and the logit interval", (v) => {
    const found = aucOf(grouped(v.y, v.score));
    expect(found).not.toBeNull();
    if (!found) return;
    near(found.auc, v.auc);
    near(found.variance, v.delong_variance);
    const interval = aucInterval(found);
    if (v.logit_interval) {
      near(interval.low, v.logit_interval[0] ?? Number.NaN);
      near(interval.high, v.logit_interval[1] ?? Number.NaN);
    } else {
      expect(interval.low).toBeLessThan(v.auc);
    }
  });

  test.each(vectors.ece)("calibration error $ece with the hybrid interval", (v) => {
    const found = calibrationOf(grouped(v.y, v.score));
    near(found?.ece ?? Number.NaN, v.ece);
    near(found?.low ?? Number.NaN, v.interval[0] ?? Number.NaN);
    near(found?.high ?? Number.NaN, v.interval[1] ?? Number.NaN);
    near(found?.observedToExpected ?? Number.NaN, v.observed_to_expected);
  });

  test.each(vectors.losses)("mean and standard error of the Brier score $brier", ({ y, score, brier, brier_se }) => {
    const errors = score.map((s, i) => (s - (y[i] ?? 0)) ** 2);
    const sum = errors.reduce((a, e) => a + e, 0);
    const found = meanInterval(
      sum,
      errors.reduce((a, e) => a + e * e, 0),
      errors.length,
    );
    near(found.mean, brier);
    near(found.standardError, brier_se);
  });
});

/** Sums over rows as the store keeps them. */
function sumsOf(y: readonly number[], score: readonly number[]): QualitySums {
  const rows = score.map((s, i) => ({ s, y: y[i] ?? 0, d: Number(s >= 0.5) }));
  const total = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  return {
    ...{ scored: y.length, labelled: y.length, sumLog: 0, sumLog2: 0, delay: null, groups: [] },
    tp: total((row) => Number(row.y === 1 && row.d === 1)),
    fp: total((row) => Number(row.y === 0 && row.d === 1)),
    fn: total((row) => Number(row.y === 1 && row.d === 0)),
    tn: total((row) => Number(row.y === 0 && row.d === 0)),
    sumSq: total((row) => (row.s - row.y) ** 2),
    sumSq2: total((row) => (row.s - row.y) ** 4),
    sumAbs: total((row) => Math.abs(row.s - row.y)),
  };
}

function nearInterval(found: Estimate | null, value: number, error: number, clip = Number.POSITIVE_INFINITY) {
  near(found?.value ?? Number.NaN, value);
  near(found?.low ?? Number.NaN, Math.max(0, value - Z95 * error));
  near(found?.high ?? Number.NaN, Math.min(clip, value + Z95 * error));
}

describe("quality metrics from sums agree with scikit-learn to 1e-9", () => {
  test.each(vectors.losses)("F1, Brier score and accuracy $f1 $brier $accuracy", (v) => {
    const sums = sumsOf(v.y, v.score);
    nearInterval(qualityEstimate("f1", sums), v.f1, v.f1_se, 1);
    nearInterval(qualityEstimate("brier", sums), v.brier, v.brier_se);
    near(qualityEstimate("accuracy", sums)?.value ?? Number.NaN, v.accuracy);
  });

  test("RMSE and MAE with their intervals", () => {
    const { y, predicted, rmse, rmse_se, mae, mae_se } = vectors.regression;
    const sums = sumsOf(y, predicted);
    nearInterval(qualityEstimate("rmse", sums), rmse, rmse_se);
    nearInterval(qualityEstimate("mae", sums), mae, mae_se);
  });
});

describe("labels", () => {
  const sums = { ...sumsOf([], []), scored: 1000 };

  test("coverage counts every row that is old enough", () => {
    expect(qualityEstimate("label_coverage", { ...sums, labelled: 990 }, 0.99)).toMatchObject({ value: 0.99 });
    expect(qualityEstimate("label_coverage", { ...sums, scored: 0 })).toBeNull();
  });

  test("the delay is the end of the hour of its rank, with the ranks of its interval around it", () => {
    const delay = { hours: [0, 3, 20], n: [500, 460, 40] };
    const found = qualityEstimate("label_delay_p95", { ...sums, labelled: 1000, delay });
    expect(found).toEqual({ value: 4 * 3600, low: 3 * 3600, high: 21 * 3600 });
  });

  test("a row without a label waits for ever: with more than 5 in 100 of them the delay is 1,000 hours", () => {
    const delay = { hours: [2], n: [900] };
    expect(qualityEstimate("label_delay_p95", { ...sums, labelled: 900, delay })?.value).toBe(1000 * 3600);
    expect(qualityEstimate("label_delay_p95", { ...sums, labelled: 990, delay: { hours: [2], n: [990] } })?.value).toBe(
      3 * 3600,
    );
  });

  test("days that were computed before it was kept give no number, not a zero", () => {
    expect(qualityEstimate("label_delay_p95", { ...sums, labelled: 900, delay: null })).toBeNull();
    expect(qualityEstimate("mae", { ...sums, labelled: 900, sumAbs: null })).toBeNull();
  });
});

test("an F1 without a right or a wrong decision has an interval that is not a point", () => {
  const perfect = qualityEstimate("f1", { ...sumsOf([], []), labelled: 20, tp: 20 });
  expect(perfect).toMatchObject({ value: 1, high: 1 });
  expect(perfect?.low).toBeLessThan(0.95);
  expect(qualityEstimate("f1", { ...sumsOf([], []), labelled: 20, tn: 20 })).toBeNull();
});

test("the nearest-rank percentile lies in the bucket that the log buckets name, and their interval holds it", () => {
  const { values, q, inverted_cdf } = vectors.percentiles;
  const counts = new Map<number, number>();
  for (const v of values) counts.set(bucketOf(v), (counts.get(bucketOf(v)) ?? 0) + 1);
  const sorted = [...counts].sort(([a], [b]) => a - b);
  const buckets = { bucket: sorted.map(([b]) => b), count: sorted.map(([, k]) => k) };
  for (const [i, p] of q.entries()) {
    const exact = inverted_cdf[i] ?? Number.NaN;
    const found = percentile(buckets, p);
    expect(bucketOf(found?.value ?? 0)).toBe(bucketOf(exact));
    expect(found?.low).toBeLessThanOrEqual(exact);
    expect(found?.high).toBeGreaterThan(exact);
  }
});

test("without values or without both classes there is no number, not a zero", () => {
  expect(percentile({ bucket: [], count: [] }, 0.95)).toBeNull();
  expect(aucOf([{ positive: 9, negative: 0 }])).toBeNull();
  expect(calibrationOf([])).toBeNull();
});
