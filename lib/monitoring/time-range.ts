import type { Grain } from "@/lib/monitoring/clause-window";
import { RANGES } from "@/lib/monitoring/schema";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Range } from "@/lib/time";

export type RangeName = (typeof RANGES)[number];

/** The range that an address names; an hour where it names none. */
export function asRange(asked: string | readonly string[] | null | undefined): RangeName {
  return RANGES.find((range) => range === asked) ?? "1h";
}

export type BucketedRange = Range & { readonly bucketSeconds: number; readonly grain: Exclude<Grain, "day"> };

const LENGTH: Readonly<Record<RangeName, number>> = {
  "15m": 15 * MINUTE_MS,
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
};

/** At most about 120 points; each a multiple of the rollup that it is read from. */
const BUCKETS = [60, 120, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400];
const MOST_BUCKETS = 121;

/** A range of wall time, its beginning aligned to its buckets: a named one ends at `now`. */
export function bucketedRange(range: RangeName | Range, now: number): BucketedRange {
  const { from, to } = typeof range === "string" ? { from: now - LENGTH[range], to: now } : range;
  const bucketSeconds = BUCKETS.find((seconds) => (to - from) / (seconds * 1000) <= MOST_BUCKETS) ?? 86_400;
  const step = bucketSeconds * 1000;
  return {
    from: Math.floor(from / step) * step,
    to,
    bucketSeconds,
    grain: bucketSeconds >= 3600 ? "hour" : "minute",
  };
}
