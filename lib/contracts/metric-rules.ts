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
  calibration_error: { ...quality, name: "Calibration error", direction: "at_most", unit: "ratio" },
  log_loss: { ...quality, name: "Log loss", direction: "at_most", unit: "nats" },
  accuracy: { ...quality, name: "Accuracy", direction: "at_least", unit: "ratio" },
  success_ratio: {
    kind: "availability",
    name: "Availability",
    direction: "at_least",
    unit: "ratio",
    clock: "wall",
    probes: ["gateway", "synthetic"],
    labels: false,
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
};

/** Twelve significant digits: what a person types survives, what binary arithmetic adds does not. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/**
 * Where "at risk" begins unless someone says otherwise, on the error side of the metric: half the error budget of a ratio near
 * one (0.999 -> 0.9995), a fifteenth of the way to perfect for the other ratios (AUC 0.70 -> 0.72), four fifths of an upper limit.
 */
export function proposeAtRisk(metric: Metric, target: number): number {
  const { direction, unit } = METRIC_RULES[metric];
  if (direction === "at_most") return tidy(target * 0.8);
  if (unit !== "ratio") return tidy(target * 1.2);
  if (metric === "success_ratio") return tidy(1 - (1 - target) / 2);
  return tidy(Math.min(1, target + (1 - target) / 15));
}
