import { describe, expect, test } from "vitest";
import { binOf, countBins, edgesOf } from "@/lib/monitoring/baseline";
import { distanceInterval, variationInterval } from "@/lib/monitoring/effect-interval";
import { kolmogorovLimitTail, kolmogorovTail } from "@/lib/monitoring/kolmogorov";
import { corrected } from "@/lib/monitoring/multiple-testing";
import {
  chiSquared,
  distanceOf,
  distanceP,
  kolmogorovSmirnov,
  stabilityIndex,
  totalVariation,
} from "@/lib/monitoring/two-sample";
import vectors from "@/lib/monitoring/vectors.json";

/** Relative 1e-9, absolute below 1e-12. */
function near(actual: number | undefined, expected: number) {
  expect(actual).toBeDefined();
  const difference = Math.abs((actual ?? Number.NaN) - expected);
  expect(difference, `${actual} is not ${expected}`).toBeLessThanOrEqual(Math.max(1e-12, 1e-9 * Math.abs(expected)));
}

describe("agrees with scipy to 1e-9", () => {
  test.each(vectors.kstwo)("tail of D for $n values at $d", ({ n, d, sf }) => near(kolmogorovTail(n, d), sf));

  test.each(vectors.kolmogorov)("Kolmogorov's limit at $x", ({ x, sf }) => near(kolmogorovLimitTail(x), sf));

  test.each(vectors.ks.map((v, i) => ({ i, ...v })))("two samples, case $i: D, exact and asymptotic p", (vector) => {
    const { a, b, d, p_exact, p_asymptotic } = vector;
    const found = kolmogorovSmirnov(a, b);
    near(found.d, d);
    expect(found.method).toBe("exact");
    if (p_exact !== null) near(found.p, p_exact);
    if (p_asymptotic !== null) near(distanceP(found.d, a.length, b.length), p_asymptotic);
  });

  test.each(vectors.chi2)("chi-squared of $table", ({ table: [r = [], c = []], statistic, df, p, cramers_v }) => {
    const found = chiSquared(r, c, { pool: false });
    near(found?.statistic, statistic);
    expect(found?.df).toBe(df);
    near(found?.p, p);
    near(found?.cramersV, cramers_v);
  });

  test.each(vectors.distances)("total variation and PSI of $reference and $current", (v) => {
    near(totalVariation(v.reference, v.current), v.total_variation);
    near(stabilityIndex(v.reference, v.current), v.psi);
  });

  test.each(vectors.benjamini_hochberg)("Benjamini-Hochberg and Bonferroni of $p", ({ p, adjusted, bonferroni }) => {
    corrected(p, "benjamini_hochberg").forEach((each, i) => {
      near(each, adjusted[i] ?? Number.NaN);
    });
    corrected(p, "bonferroni").forEach((each, i) => {
      near(each, bonferroni[i] ?? Number.NaN);
    });
  });

  test("D from bins, between its bounds", () => {
    const v = vectors.ks_from_bins;
    const found = distanceOf(v.reference_counts, v.current_counts);
    near(found.d, v.d);
    near(found.dMax, v.d_max);
    expect(v.exact_d).toBeGreaterThanOrEqual(found.d);
    expect(v.exact_d).toBeLessThanOrEqual(found.dMax);
  });
});

describe("agrees with the published examples", () => {
  const chi = [
    [[50, 30, 20, 0], [40, 35, 20, 5], 6.495726495726496, 0.08983119287440527],
    [[10, 10, 20], [20, 20, 20], 2.7777777777777777, 0.24935220877729622],
  ] as const;
  test.each(chi)("chi-squared of %j and %j", (r, c, statistic, p) => {
    const found = chiSquared(r, c, { pool: false });
    near(found?.statistic, statistic);
    near(found?.p, p);
  });

  test("the classic pair of eight: D .625, exact p .0870", () => {
    const c = [38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0];
    const d = [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8];
    const found = kolmogorovSmirnov(c, d);
    near(found.d, 0.625);
    near(found.p, 0.08702408702408701);
    near(distanceP(found.d, 8, 8), 0.04931640625);
  });

  const curves = [
    [1.1, 1000, 0.036, 0.5362766985932181, 0.524236806213346],
    [1.15, 700, 0.0527142857, 0.1949284346460745, 0.19537305158816065],
  ] as const;
  test.each(curves)("x against x^%f, %i values", (power, size, d, exact, asymptotic) => {
    const x = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const y = Array.from({ length: size }, (_, i) => (i / size) ** power);
    const found = kolmogorovSmirnov(x, y);
    expect(found.d).toBeCloseTo(d, 9);
    near(found.p, exact);
    near(distanceP(found.d, 1000, size), asymptotic);
  });
});

describe("chi-squared on production counts", () => {
  test("an unseen category stays a category of its own, rare ones are pooled", () => {
    const found = chiSquared([900, 95, 3, 2], [880, 90, 2, 1], { unseen: 27 });
    // 900|880, 95|90, the two rare ones together, and the unseen: three degrees of freedom.
    expect(found?.df).toBe(3);
    expect(found?.p).toBeLessThan(1e-5);
  });

  test("one category cannot differ", () => expect(chiSquared([10], [20])).toBeNull());
});

describe("bins", () => {
  test("at most a hundred distinct values are edges, and a new value is unseen", () => {
    const bins = edgesOf(Float32Array.from([3, 1, 2, 2, 0.1]));
    expect(bins).toEqual({ kind: "values", edges: [Math.fround(0.1), 1, 2, 3] });
    expect(binOf(2, bins)).toBe(2);
    expect(binOf(2.5, bins)).toBe(254);
    expect(binOf(Number.NaN, bins)).toBe(255);
    expect(countBins(Float32Array.from([1, 2, 2, 9, Number.NaN]), bins)).toEqual({
      counts: [0, 1, 2, 0, 0],
      unseen: 1,
      missing: 1,
    });
  });

  test("counting finds the bin that one value alone has, for any number of edges", () => {
    const values = Float32Array.from({ length: 500 }, (_, i) => Math.round(40 * Math.sin(i)) / 4);
    for (const size of [1, 2, 3, 7, 8, 99]) {
      for (const kind of ["number", "values"] as const) {
        const bins = { kind, edges: Array.from({ length: size }, (_, k) => k / 2 - size / 4) };
        const { counts, unseen } = countBins(values, bins);
        const alone = Array.from(values, (value) => binOf(value, bins));
        expect(counts).toEqual(counts.map((_, bin) => alone.filter((each) => each === bin).length));
        expect(unseen).toBe(alone.filter((each) => each === 254).length);
      }
    }
  });

  test("quantile bins hold a hundredth each, and an outlier cannot take their resolution", () => {
    const values = Float32Array.from({ length: 20_000 }, (_, i) => (i === 0 ? 1e12 : i / 20_000));
    const bins = edgesOf(values);
    expect(bins.kind).toBe("number");
    expect(bins.edges).toHaveLength(99);
    const { counts } = countBins(values, bins);
    expect(counts).toHaveLength(100);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(199);
    expect(Math.max(...counts)).toBeLessThanOrEqual(201);
  });
});

/** Deterministic uniform numbers (mulberry32). */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function drawn(shares: readonly number[], n: number, uniform: () => number): number[] {
  const counts = new Array<number>(shares.length).fill(0);
  for (let i = 0; i < n; i++) {
    let left = uniform();
    const bin = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    const at = bin < 0 ? shares.length - 1 : bin;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

describe("the interval of an effect covers the truth", () => {
  const flat = new Array<number>(20).fill(0.05);
  const tilted = flat.map((share, bin) => share * (1 + 0.4 * (bin < 10 ? 1 : -1)));
  const measures = [
    ["D", distanceInterval, 0.2],
    ["total variation", variationInterval, 0.2],
  ] as const;
  test.each(measures)(
    "%s: .93 of simulated samples or more, low end above the truth in at most .05",
    (_, effect, truth) => {
      const uniform = uniforms(7);
      let [covered, above] = [0, 0];
      const rounds = 1000;
      for (let round = 0; round < rounds; round++) {
        const found = effect(drawn(flat, 2000, uniform), drawn(tilted, 1000, uniform));
        if (found.low <= truth && truth <= found.high) covered++;
        if (found.low > truth) above++;
      }
      expect(covered / rounds).toBeGreaterThanOrEqual(0.93);
      expect(above / rounds).toBeLessThanOrEqual(0.05);
    },
  );

  test("the same counts give the same interval", () => {
    expect(distanceInterval([5, 9, 7], [9, 4, 2])).toEqual(distanceInterval([5, 9, 7], [9, 4, 2]));
  });
});
