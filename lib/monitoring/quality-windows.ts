import { calibrationOf } from "@/lib/monitoring/calibration";
import type { QualityWindow } from "@/lib/monitoring/drift-view";
import {
  type Calibrator,
  type EstimatedPerformance,
  estimatePerformance,
} from "@/lib/monitoring/estimated-performance";
import { type QualityGroup, type QualitySums, qualityEstimate } from "@/lib/monitoring/quality";
import { DAY_MS } from "@/lib/time";

export type DaySums = QualitySums & { readonly day: string };

/** Event days of a window: whole weeks, so that no weekday is more in one than in another. */
export const WINDOW_DAYS = 7;

type Facts = {
  readonly watermark: number | null;
  readonly labelDelaySeconds: number;
  /** From this score on the decision is yes. */
  readonly threshold: number;
  readonly calibrator: Calibrator | null;
};

/**
 * Seven event days ending with each day that has rows, oldest first: realised quality of the labelled rows beside what is estimated of
 * every row without labels. Days without rows are left out of a window, not counted as zero; the first window is the first whole one.
 */
export function qualityWindows(days: readonly DaySums[], facts: Facts): QualityWindow[] {
  const first = days[0] && Date.parse(days[0].day);
  return days.flatMap(({ day }) => {
    const end = Date.parse(day) + DAY_MS;
    const from = end - WINDOW_DAYS * DAY_MS;
    if (first === undefined || from < first) return [];
    const within = days.filter((each) => Date.parse(each.day) >= from && Date.parse(each.day) < end);
    return [windowOf(day, mergeSums(within), facts)];
  });
}

function windowOf(day: string, sums: QualitySums, facts: Facts): QualityWindow {
  const { calibrator, threshold, watermark, labelDelaySeconds } = facts;
  const estimated = calibrator && estimatePerformance(sums.groups, calibrator, threshold);
  return {
    day,
    scored: sums.scored,
    labelled: sums.labelled,
    realised: {
      auc: qualityEstimate("auc", sums),
      brier: qualityEstimate("brier", sums),
      calibrationError: qualityEstimate("calibration_error", sums),
      observedToExpected: calibrationOf(sums.groups)?.observedToExpected ?? null,
    },
    estimated: estimated && performanceOf(estimated),
    unfinished: !isMature(day, watermark, labelDelaySeconds),
  };
}

export function performanceOf({ auc, brier, logLoss, accuracy, f1 }: EstimatedPerformance) {
  return { auc, brier, logLoss, accuracy, f1 };
}

/** Whether every label of an event day is due. */
export function isMature(day: string, watermark: number | null, labelDelaySeconds: number): boolean {
  return watermark !== null && Date.parse(day) + DAY_MS <= watermark - labelDelaySeconds * 1000;
}

/** The sums over several days: every sum is additive, buckets are added by their number. */
export function mergeSums(days: readonly QualitySums[]): QualitySums {
  const total = (of: (sums: QualitySums) => number) => days.reduce((sum, day) => sum + of(day), 0);
  return {
    scored: total((day) => day.scored),
    labelled: total((day) => day.labelled),
    tp: total((day) => day.tp),
    fp: total((day) => day.fp),
    fn: total((day) => day.fn),
    tn: total((day) => day.tn),
    sumLog: total((day) => day.sumLog),
    sumLog2: total((day) => day.sumLog2),
    sumSq: total((day) => day.sumSq),
    sumSq2: total((day) => day.sumSq2),
    sumAbs: days.some(({ sumAbs }) => sumAbs === null) ? null : total((day) => day.sumAbs ?? 0),
    delay: mergeDelays(days),
    groups: mergeGroups(days),
  };
}

function mergeDelays(days: readonly QualitySums[]): QualitySums["delay"] {
  const byHour = new Map<number, number>();
  for (const { delay } of days) {
    if (delay === null) return null;
    for (const [i, hour] of delay.hours.entries()) byHour.set(hour, (byHour.get(hour) ?? 0) + (delay.n[i] ?? 0));
  }
  const sorted = [...byHour].sort(([a], [b]) => a - b);
  return { hours: sorted.map(([hour]) => hour), n: sorted.map(([, n]) => n) };
}

function mergeGroups(days: readonly QualitySums[]): QualityGroup[] {
  const byBucket = new Map<number, { -readonly [key in keyof QualityGroup]: QualityGroup[key] }>();
  for (const group of days.flatMap(({ groups }) => groups)) {
    const sum = byBucket.get(group.bucket);
    if (!sum) byBucket.set(group.bucket, { ...group });
    else {
      sum.scored += group.scored;
      sum.positive += group.positive;
      sum.negative += group.negative;
      sum.scoreSum += group.scoreSum;
    }
  }
  return [...byBucket.values()].sort((a, b) => a.bucket - b.bucket);
}
