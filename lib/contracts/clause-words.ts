import type { Clause, Metric, Slice } from "@/lib/contracts/document";
import { driftTestOf } from "@/lib/contracts/drift-test";
import { isDuration, isPercent, METRIC_RULES } from "@/lib/contracts/metric-rules";
import { sliceWords } from "@/lib/contracts/slice-words";
import { formatCount, formatDuration, formatNumber, formatPercent, formatQuantity } from "@/lib/format";

const UNITS: Readonly<Record<Clause["unit"], string>> = {
  ms: "ms",
  "requests/s": "requests/s",
  ratio: "ratio",
  s: "s",
  nats: "nats",
  features: "features",
};

/** The unit that a value of this metric is written with: what `Num` and `formatQuantity` take. */
export function unitOf(metric: Metric): string {
  const { unit } = METRIC_RULES[metric];
  return unit === "ratio" && !isPercent(metric) ? "" : UNITS[unit];
}

/** A value of the metric with its unit: 25 ms, 99.9 %, 0.7, 30 d. */
export function formatValue(metric: Metric, value: number): string {
  if (isDuration(metric)) return formatDuration(value * 1000);
  return formatQuantity(value, unitOf(metric)).text;
}

/** The promise with its sign: "≤ 25 ms", "≥ 99.9 %". */
export function formatTarget(clause: Pick<Clause, "metric" | "direction" | "target">): string {
  return `${clause.direction === "at_most" ? "≤" : "≥"} ${formatValue(clause.metric, clause.target)}`;
}

/** "Latency p99", "F1, distance from 0 to 500" */
export function clauseName({ metric, slice }: { readonly metric: Metric; readonly slice?: Slice | undefined }): string {
  const { name } = METRIC_RULES[metric];
  return slice ? `${name}, ${sliceWords(slice)}` : name;
}

function promise(clause: Clause): string {
  const value = formatValue(clause.metric, clause.target);
  switch (clause.metric) {
    case "p95":
      return `95 of 100 ${requests(clause)} are answered within ${value}, from the request received to the response delivered`;
    case "p99":
      return `99 of 100 ${requests(clause)} are answered within ${value}, from the request received to the response delivered`;
    case "ceiling":
      return `Up to ${value} are served; beyond that callers get 429 with Retry-After`;
    case "auc":
      return `A positive case is ranked above a negative one with a probability of at least ${value} (AUC; 0.5 is chance)`;
    case "calibration_error":
      return `Predicted probabilities differ from what then happens by at most ${value} on average`;
    case "log_loss":
      return `The log loss of the predictions is at most ${value}`;
    case "accuracy":
      return `At least ${value} of the decisions turn out right`;
    case "f1":
      return `F1 of at least ${value} (harmonic mean of precision and recall)`;
    case "brier":
      return `The mean squared error of the predicted probabilities (Brier score) is at most ${value}`;
    case "rmse":
      return `The root of the mean squared error of the predictions is at most ${value}`;
    case "mae":
      return `The mean absolute error of the predictions is at most ${value}`;
    case "label_coverage":
      return `At least ${value} of the predictions get their label in time`;
    case "label_delay_p95":
      return `95 of 100 labels arrive within ${value} of their event`;
    case "success_ratio":
      return `At least ${value} of ${requests(clause)} get an answer of the model${clause.fallbacks === "answer" ? " or of what stands in for it" : ""}`;
    case "feature_age_p99":
      return `99 of 100 rows come with features that are at most ${formatDuration(clause.target * 1000)} old${STALE_WORDS[clause.onStale ?? "answer"]}`;
    case "drifted_features":
      return `${leaving(clause.target, value)} ${limitWords(clause)}`;
    case "prediction_drift":
      return `The distribution of the predictions is at most ${value} away from that of the reference period`;
    case "missing_ratio":
      return `At most ${value} of the values of any one feature are missing`;
    case "unseen_ratio":
      return `At most ${value} of the values of any one feature are categories that the reference period did not have`;
    case "out_of_range_ratio":
      return `At most ${value} of the rows hold a value out of the range that the interface states`;
    case "type_change_ratio":
      return `At most ${value} of the rows hold a value of another type than the interface states`;
    case "drill_age":
      return `A drill of the failure mode passed within the last ${value}`;
  }
}

function requests({ population: { minRows, maxRows } }: Clause): string {
  if (minRows === 1 && maxRows === 1) return "single-row requests";
  if (minRows === maxRows) return `requests of ${minRows} rows`;
  return `requests of ${minRows} to ${maxRows} rows`;
}

const STALE_WORDS = {
  answer: "",
  flag: "; an older row is answered with a flag",
  fallback: "; an older row gets the fixed response",
} as const;

function leaving(target: number, value: string): string {
  if (target === 0) return "No feature leaves its limit";
  return target === 1 ? "At most 1 feature leaves its limit" : `At most ${value} leave their limit`;
}

function limitWords(clause: Clause): string {
  const { limits, floor, factor } = driftTestOf(clause);
  if (limits === "learned") {
    return `(learned: ${formatNumber(factor)} x the largest change from week to week in the reference period, at least ${formatNumber(floor)})`;
  }
  const each = Object.entries(limits).map(([name, limit]) => `${name} ${formatNumber(limit)}`);
  return `(${each.join(", ")})`;
}

/** The promise in one sentence for people. */
export function clauseSentence(clause: Clause): string {
  return `${promise(clause)}${clause.slice ? `, for ${sliceWords(clause.slice)}` : ""}.`;
}

const CORRECTIONS = { benjamini_hochberg: "Benjamini-Hochberg", bonferroni: "Bonferroni" } as const;

/** How it is told that a feature changed at all. */
function testWords(clause: Clause): string {
  if (clause.metric !== "drifted_features") return "";
  const { alpha, correction } = driftTestOf(clause);
  return ` (two-sample tests at ${formatPercent(alpha)} over all features, ${CORRECTIONS[correction]})`;
}

const PROBE_WORDS: Readonly<Record<Clause["probe"], string>> = {
  gateway: "the gateway, on every request",
  ground_truth: "the labels that arrive later",
  request_metadata: "the feature time in each request",
  synthetic: "the synthetic probe",
  prediction_log: "the rows that were predicted",
  drill: "drills on a copy of the revision",
  none: "nothing: it has no probe",
};

/** How it is measured and when it counts as breached, in one sentence for people. */
export function measurementSentence(clause: Clause): string {
  const clock = clause.clock === "event" ? " of event time" : "";
  const wait =
    clause.labelDelaySeconds > 0 ? `, labels due after ${formatDuration(clause.labelDelaySeconds * 1000)}` : "";
  const times = clause.consecutive === 1 ? "once" : `${clause.consecutive} times in a row`;
  return (
    `Measured by ${PROBE_WORDS[clause.probe]}${testWords(clause)}, over the last ${formatDuration(clause.windowSeconds * 1000)}${clock}${wait}, ` +
    `from ${formatCount(clause.minSamples)} ${clause.minSamples === 1 ? "sample" : "samples"} on; at risk from ${formatValue(clause.metric, clause.atRisk)}; ` +
    `breached when it is wrong ${times}, evaluated every ${formatDuration(clause.cadenceSeconds * 1000)}.`
  );
}

const OWNER_WORDS: Readonly<Record<Clause["owner"], string>> = {
  scientist: "Data science",
  owner: "Owner",
  sre: "SRE",
  governance: "Governance",
};

/** Who answers for the clause. */
export function ownerName(owner: Clause["owner"]): string {
  return OWNER_WORDS[owner];
}
