import { kolmogorovTail } from "@/lib/monitoring/kolmogorov";
import { gammaQ } from "@/lib/monitoring/special-functions";

/** Two-sample statistics on counts by bin: both arrays over the same bins. Sources: scipy's definitions; measurement by its vectors. */

export type Counts = readonly number[];

export const total = (counts: Counts) => counts.reduce((sum, n) => sum + n, 0);

export type Distance = {
  /** Largest distance of the two distribution functions at the edges. */
  readonly d: number;
  /** No distance inside a bin is larger: d <= exact D <= dMax. */
  readonly dMax: number;
  /** Bin at whose upper edge it is. */
  readonly at: number;
};

/**
 * Kolmogorov and Smirnov's D of two samples that were counted in the same ordered bins; both must have rows. `exact`: every value has a
 * bin of its own, so that D is the whole truth.
 */
export function distanceOf(reference: Counts, current: Counts, exact = false): Distance {
  const [n, m] = [total(reference), total(current)];
  let [r, c, d, dMax, at] = [0, 0, 0, 0, 0];
  for (let bin = 0; bin < reference.length; bin++) {
    const [rBefore, cBefore] = [r / n, c / m];
    r += reference[bin] ?? 0;
    c += current[bin] ?? 0;
    const gap = Math.abs(r / n - c / m);
    dMax = Math.max(dMax, r / n - cBefore, c / m - rBefore);
    if (gap > d) [d, at] = [gap, bin];
  }
  return { d, dMax: exact ? d : dMax, at };
}

/** Two-sided p of D for samples of n and m values: the one-sample law at the effective size, as scipy's asymptotic `ks_2samp`. */
export function distanceP(d: number, n: number, m: number): number {
  return kolmogorovTail(Math.max(1, Math.round((n * m) / (n + m))), d);
}

export type ChiSquared = {
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  readonly cramersV: number;
};

/** Rarer than this in either sample, by expectation, a category is tested together with the others that are. */
const LEAST_EXPECTED = 5;

/**
 * Chi-squared of homogeneity: both samples are samples, so a category that the reference never had has an expectation too. Rare
 * categories are pooled unless `pool` is false. `unseen`: rows of the current sample whose category the reference never had; a category of
 * its own, never pooled away. Null with fewer than two categories.
 */
export function chiSquared(
  reference: Counts,
  current: Counts,
  options: { readonly unseen?: number; readonly pool?: boolean } = {},
): ChiSquared | null {
  const { unseen = 0, pool = true } = options;
  const n = total(reference);
  const m = total(current) + unseen;
  const share = Math.min(n, m) / (n + m);
  const kept: [number, number][] = unseen > 0 ? [[0, unseen]] : [];
  const others: [number, number] = [0, 0];
  for (let bin = 0; bin < reference.length; bin++) {
    const [r, c] = [reference[bin] ?? 0, current[bin] ?? 0];
    if (r + c === 0) continue;
    if (!pool || share * (r + c) >= LEAST_EXPECTED) kept.push([r, c]);
    else {
      others[0] += r;
      others[1] += c;
    }
  }
  if (others[0] + others[1] > 0) kept.push(others);
  if (kept.length < 2 || n === 0 || m === 0) return null;
  const statistic = kept.reduce((sum, [r, c]) => sum + (r * m - c * n) ** 2 / (r + c), 0) / n / m;
  const df = kept.length - 1;
  return { statistic, df, p: gammaQ(df / 2, statistic / 2), cramersV: Math.sqrt(statistic / (n + m)) };
}

/** Half the sum of the differences of shares: 0 the same, 1 nothing in common. */
export function totalVariation(reference: Counts, current: Counts): number {
  const [n, m] = [total(reference), total(current)];
  return reference.reduce((sum, r, bin) => sum + Math.abs(r / n - (current[bin] ?? 0) / m), 0) / 2;
}

/** Population stability index, shares floored at 1e-4. Shown for comparison only: without a change it grows with bins / rows. */
export function stabilityIndex(reference: Counts, current: Counts): number {
  const [n, m] = [total(reference), total(current)];
  return reference.reduce((sum, each, bin) => {
    const [r, c] = [Math.max(each / n, 1e-4), Math.max((current[bin] ?? 0) / m, 1e-4)];
    return sum + (r - c) * Math.log(r / c);
  }, 0);
}

/** Up to this many values in the larger sample the permutation law of D is computed, beyond it the asymptotic one (as scipy). */
const EXACT_UP_TO = 10_000;

export type KolmogorovSmirnov = {
  readonly d: number;
  readonly p: number;
  readonly method: "exact" | "asymptotic";
};

/** Two-sample Kolmogorov-Smirnov test on the values themselves, ties allowed; neither sample is empty nor holds NaN. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>, most = EXACT_UP_TO): KolmogorovSmirnov {
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  const [n, m] = [x.length, y.length];
  let [i, j, widest] = [0, 0, 0];
  while (i < n && j < m) {
    const value = Math.min(x[i] ?? 0, y[j] ?? 0);
    while (i < n && x[i] === value) i++;
    while (j < m && y[j] === value) j++;
    widest = Math.max(widest, Math.abs(i * m - j * n));
  }
  const d = widest / n / m;
  if (Math.max(n, m) > most) return { d, p: distanceP(d, n, m), method: "asymptotic" };
  return { d, p: pathTail(n, m, widest), method: "exact" };
}

/**
 * P(D >= widest / (n m)) over all orders of n and m values: share of the lattice paths from (0, 0) to (n, m) that touch the band
 * |i m - j n| >= widest, by recursion over the paths' last step (tails stay exact, nothing is subtracted).
 */
function pathTail(n: number, m: number, widest: number): number {
  if (widest === 0) return 1;
  const touches = (i: number, j: number) => Math.abs(i * m - j * n) >= widest;
  const share = Float64Array.from({ length: m + 1 }, (_, j) => (touches(0, j) ? 1 : 0));
  for (let i = 1; i <= n; i++) {
    if (touches(i, 0)) share[0] = 1;
    for (let j = 1; j <= m; j++) {
      share[j] = touches(i, j) ? 1 : (i * (share[j] ?? 0) + j * (share[j - 1] ?? 0)) / (i + j);
    }
  }
  return share[m] ?? 1;
}
