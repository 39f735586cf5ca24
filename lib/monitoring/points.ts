import { type QualitySums, qualityEstimate } from "@/lib/monitoring/quality";
import type { QualityDay, ServiceBucket } from "@/lib/monitoring/schema";
import { NO_REQUESTS, type ServiceSums, serviceNumbers } from "@/lib/monitoring/service";
import type { BucketedRange } from "@/lib/monitoring/time-range";
import { DAY_MS } from "@/lib/time";

const iso = (at: number) => new Date(at).toISOString();

/** One point per bucket of the range; a bucket without requests has counts of zero and no percentile: a gap, never a zero. */
export function servicePoints(
  slices: readonly (ServiceSums & { readonly at: number })[],
  { from, to, bucketSeconds }: BucketedRange,
  now: number,
): ServiceBucket[] {
  const step = bucketSeconds * 1000;
  const byStart = new Map(slices.map((slice) => [slice.at, slice]));
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => {
    const start = from + i * step;
    const numbers = serviceNumbers(byStart.get(start) ?? NO_REQUESTS);
    return { ...numbers, from: iso(start), to: iso(start + step), unfinished: start + step > now };
  });
}

/** Quality by event day. A day is unfinished while rows of it, or labels for them, are still to come. */
export function qualityPoints(
  days: readonly (QualitySums & { readonly day: string })[],
  watermark: number | null,
  labelDelaySeconds: number,
): QualityDay[] {
  return days.map(({ day, ...sums }) => ({
    day,
    scored: sums.scored,
    labelled: sums.labelled,
    coverage: sums.scored === 0 ? 0 : sums.labelled / sums.scored,
    auc: qualityEstimate("auc", sums),
    calibrationError: qualityEstimate("calibration_error", sums),
    observedToExpected: observedToExpected(sums),
    logLoss: qualityEstimate("log_loss", sums),
    accuracy: qualityEstimate("accuracy", sums),
    unfinished: watermark === null || Date.parse(day) + DAY_MS > watermark - labelDelaySeconds * 1000,
  }));
}

function observedToExpected({ groups }: QualitySums): number | null {
  const expected = groups.reduce((sum, group) => sum + group.scoreSum, 0);
  return expected > 0 ? groups.reduce((sum, group) => sum + group.positive, 0) / expected : null;
}
