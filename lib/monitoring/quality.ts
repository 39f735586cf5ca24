import { calibrationOf, type ScoredOutcomes } from "@/lib/monitoring/calibration";
import { aucInterval, aucOf } from "@/lib/monitoring/discrimination";
import { type Interval, meanInterval, ratioInterval } from "@/lib/monitoring/intervals";

/** Sums over the rows of whole event days: what every quality metric follows from. */
export type QualitySums = {
  readonly scored: number;
  readonly labelled: number;
  /** Decisions that agreed with the label. */
  readonly right: number;
  readonly sumLog: number;
  readonly sumLog2: number;
  /** By score bucket, ascending; labelled rows only. */
  readonly groups: readonly ScoredOutcomes[];
};

export type Estimate = { readonly value: number; readonly low: number | null; readonly high: number | null };
export type QualityMetric = "auc" | "calibration_error" | "log_loss" | "accuracy";

/** A quality metric with its 95 % interval; null where the labels cannot give one. `target` chooses the interval of a ratio. */
export function qualityEstimate(metric: QualityMetric, sums: QualitySums, target = 0.5): Estimate | null {
  switch (metric) {
    case "auc": {
      const auc = aucOf(sums.groups);
      return auc && estimate(auc.auc, aucInterval(auc));
    }
    case "calibration_error": {
      const found = calibrationOf(sums.groups);
      return found && estimate(found.ece, found);
    }
    case "log_loss": {
      if (sums.labelled < 2) return null;
      const found = meanInterval(sums.sumLog, sums.sumLog2, sums.labelled);
      return estimate(found.mean, found);
    }
    case "accuracy":
      if (sums.labelled === 0) return null;
      return estimate(sums.right / sums.labelled, ratioInterval(sums.right, sums.labelled, target));
  }
}

/** A value with the ends of its interval; an unbounded end becomes null. */
export function estimate(value: number, { low, high }: Interval): Estimate {
  return { value, low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null };
}
