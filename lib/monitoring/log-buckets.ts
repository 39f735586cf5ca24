import { percentileRanks } from "@/lib/monitoring/intervals";

/**
 * Counts by logarithmic bucket, 32 an octave (2.2 % wide): bucket b holds values in [2^(b/32), 2^((b+1)/32)). They add exactly, so that
 * a minute, an hour and a month give the same numbers. Latency is counted in microseconds, feature age in milliseconds.
 */
export type LogBuckets = { readonly bucket: readonly number[]; readonly count: readonly number[] };

export type Percentile = {
  readonly n: number;
  /** Geometric middle of the bucket that holds x(ceil(n p)). */
  readonly value: number;
  /** Order-statistic interval, widened to the bounds of its buckets; 0 or Infinity where there are too few values. */
  readonly low: number;
  readonly high: number;
};

const lowerBound = (bucket: number) => 2 ** (bucket / 32);

/** The bucket of a value >= 1 (smaller values count as 1). */
export function bucketOf(value: number): number {
  return Math.floor(Math.log2(Math.max(value, 1)) * 32);
}

/** The p-percentile with its 95 % interval in the unit of the buckets; null without values. */
export function percentile({ bucket, count }: LogBuckets, p: number): Percentile | null {
  const n = count.reduce((sum, k) => sum + k, 0);
  if (n === 0) return null;
  const ranks = percentileRanks(n, p);
  const at = bucketAt(bucket, count, ranks.rank);
  return {
    n,
    value: lowerBound(at + 0.5),
    low: ranks.low < 1 ? 0 : lowerBound(bucketAt(bucket, count, ranks.low)),
    high: ranks.high > n ? Number.POSITIVE_INFINITY : lowerBound(bucketAt(bucket, count, ranks.high) + 1),
  };
}

/** The bucket that holds the value of a rank (from 1), the last one beyond all of them. */
export function bucketAt(bucket: readonly number[], count: readonly number[], rank: number): number {
  let seen = 0;
  for (const [i, k] of count.entries()) {
    seen += k;
    if (seen >= rank) return bucket[i] ?? 0;
  }
  return bucket.at(-1) ?? 0;
}
