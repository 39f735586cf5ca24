import { betaQuantile, binomialCdf, Z95 } from "@/lib/monitoring/special-functions";

/** A two-sided 95 % interval; an end that the data cannot give is infinite. */
export type Interval = { readonly low: number; readonly high: number };

/** Wilson's score interval of k successes in n > 0 trials (Wilson 1927). Use where both outcomes are frequent enough. */
export function wilson(k: number, n: number): Interval {
  const p = k / n;
  const z2 = Z95 * Z95;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { low: k === 0 ? 0 : Math.max(0, middle - half), high: k === n ? 1 : Math.min(1, middle + half) };
}

/** Clopper and Pearson's exact interval of k successes in n > 0 trials (1934): never covers less than 95 %. */
export function clopperPearson(k: number, n: number): Interval {
  return {
    low: k === 0 ? 0 : betaQuantile(0.025, k, n - k + 1),
    high: k === n ? 1 : betaQuantile(0.975, k + 1, n - k),
  };
}

/** Interval of a ratio judged against `target`: Wilson, and Clopper-Pearson where the target leaves fewer than ten expected failures. */
export function ratioInterval(k: number, n: number, target: number): Interval {
  return n * Math.min(target, 1 - target) >= 10 ? wilson(k, n) : clopperPearson(k, n);
}

export type Mean = Interval & { readonly mean: number; readonly standardError: number };

/** Mean of n >= 2 values with the normal interval, from their sum and the sum of their squares. */
export function meanInterval(sum: number, sumOfSquares: number, n: number): Mean {
  const mean = sum / n;
  const variance = Math.max(0, (sumOfSquares - sum * mean) / (n - 1));
  const standardError = Math.sqrt(variance / n);
  return { mean, standardError, low: mean - Z95 * standardError, high: mean + Z95 * standardError };
}

export type Ranks = {
  /** The percentile itself: x(ceil(n p)), "at least a share p of the values is no larger". */
  readonly rank: number;
  /** Ranks between which the true percentile lies with 95 % confidence; 0 or n + 1 = unbounded, too few values. */
  readonly low: number;
  readonly high: number;
};

/** Ranks of the p-percentile of n values and of its interval: exact binomial order statistics (each tail at most 2.5 %). */
export function percentileRanks(n: number, p: number): Ranks {
  const cdf = (k: number) => binomialCdf(k, n, p);
  return {
    rank: Math.max(1, Math.ceil(n * p - 1e-9)),
    low: firstFrom(0, n, (k) => cdf(k) > 0.025),
    high: firstFrom(0, n, (k) => cdf(k) >= 0.975) + 1,
  };
}

/** The smallest k in [from, to] for which a monotone `test` holds. */
function firstFrom(from: number, to: number, test: (k: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const mid = Math.floor((low + high) / 2);
    if (test(mid)) high = mid;
    else low = mid + 1;
  }
  return low;
}
