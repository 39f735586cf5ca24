import type { Clause, ClauseKind, Metric } from "@/lib/contracts/document";

/** What a metric fixes about its clause: these are not a matter of opinion, so a contract that says otherwise is refused. */
export type MetricRule = {
  readonly kind: ClauseKind;
  /** What people call it. */
  readonly name: string;
  readonly direction: Clause["direction"];
  readonly unit: Clause["unit"];
  readonly clock: Clause["clock"];
  /** Where it can be measured. */
  readonly probes: readonly Exclude<Clause["probe"], "none">[];
  /** Whether it waits for labels. */
  readonly labels: boolean;
  /** A ratio that everybody reads in percent; the others (AUC, calibration error, effects) are read as they are. */
  readonly percent?: true;
  /** Seconds that are typed and shown in the largest unit that fits: 30 d. */
  readonly duration?: true;
};

const quality = { kind: "quality", clock: "event", probes: ["ground_truth"], labels: true } as const;
const latency = {
  kind: "latency",
  direction: "at_most",
  unit: "ms",
  clock: "wall",
  probes: ["gateway"],
  labels: false,
} as const;
const atMostRatio = { direction: "at_most", unit: "ratio" } as const;
const drift = {
  kind: "drift",
  direction: "at_most",
  clock: "event",
  probes: ["prediction_log"],
  labels: false,
} as const;

export const METRIC_RULES: Readonly<Record<Metric, MetricRule>> = {
  p95: { ...latency, name: "Latency p95" },
  p99: { ...latency, name: "Latency p99" },
  ceiling: {
    kind: "throughput",
    name: "Throughput ceiling",
    direction: "at_most",
    unit: "requests/s",
    clock: "wall",
    probes: ["gateway"],
    labels: false,
  },
  auc: { ...quality, name: "AUC", direction: "at_least", unit: "ratio" },
  calibration_error: { ...quality, ...atMostRatio, name: "Calibration error" },
  log_loss: { ...quality, name: "Log loss", direction: "at_most", unit: "nats" },
  accuracy: { ...quality, name: "Accuracy", direction: "at_least", unit: "ratio", percent: true },
  f1: { ...quality, name: "F1", direction: "at_least", unit: "ratio" },
  brier: { ...quality, ...atMostRatio, name: "Brier score" },
  rmse: { ...quality, ...atMostRatio, name: "RMSE" },
  mae: { ...quality, ...atMostRatio, name: "MAE" },
  label_coverage: { ...quality, name: "Label coverage", direction: "at_least", unit: "ratio", percent: true },
  label_delay_p95: { ...quality, name: "Label delay p95", direction: "at_most", unit: "s", duration: true },
  success_ratio: {
    kind: "availability",
    name: "Availability",
    direction: "at_least",
    unit: "ratio",
    clock: "wall",
    probes: ["gateway", "synthetic"],
    labels: false,
    percent: true,
  },
  feature_age_p99: {
    kind: "freshness",
    name: "Feature freshness",
    direction: "at_most",
    unit: "s",
    clock: "event",
    probes: ["request_metadata"],
    labels: false,
  },
  drifted_features: { ...drift, name: "Drifted features", unit: "features" },
  prediction_drift: { ...drift, name: "Prediction drift", unit: "ratio" },
  missing_ratio: { ...drift, name: "Missing values", unit: "ratio", percent: true },
  unseen_ratio: { ...drift, name: "Unseen categories", unit: "ratio", percent: true },
  out_of_range_ratio: { ...drift, name: "Values out of range", unit: "ratio", percent: true },
  type_change_ratio: { ...drift, name: "Values of another type", unit: "ratio", percent: true },
  drill_age: {
    kind: "failure_mode",
    name: "Age of the last passed drill",
    direction: "at_most",
    unit: "s",
    clock: "wall",
    probes: ["drill"],
    labels: false,
    duration: true,
  },
};

/** Whether a value of the metric is typed and shown in percent. */
export function isPercent(metric: Metric): boolean {
  return METRIC_RULES[metric].percent === true;
}

/** Whether a value of the metric, in seconds, is typed and shown as a length of time. */
export function isDuration(metric: Metric): boolean {
  return METRIC_RULES[metric].duration === true;
}

/** Twelve significant digits: what a person types survives, what binary arithmetic adds does not. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/**
 * Where "at risk" begins unless someone says otherwise, on the error side of the metric: half the error budget of a ratio near
 * one (0.999 -> 0.9995), a fifteenth of the way to perfect for the other ratios (AUC 0.70 -> 0.72), four fifths of an upper limit,
 * one fewer of an upper limit that counts.
 */
export function proposeAtRisk(metric: Metric, target: number): number {
  const { direction, unit } = METRIC_RULES[metric];
  if (unit === "features") return Math.max(0, Math.ceil(target) - 1);
  if (direction === "at_most") return tidy(target * 0.8);
  if (unit !== "ratio") return tidy(target * 1.2);
  if (metric === "success_ratio") return tidy(1 - (1 - target) / 2);
  return tidy(Math.min(1, target + (1 - target) / 15));
}
