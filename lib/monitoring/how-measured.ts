import type { Clause } from "@/lib/contracts/document";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import type { HowMeasured } from "@/lib/monitoring/schema";
import { sliceName } from "@/lib/monitoring/slices";

type Described = Pick<Clause, "kind" | "metric" | "probe" | "population" | "labelDelaySeconds" | "slice">;

const PROBE: Readonly<Record<Clause["probe"], string>> = {
  gateway: "gateway: request received to response written, on every live request",
  synthetic: "synthetic probe every 5 s through the real HTTP path; its requests count for nothing else",
  ground_truth: "labels sent to /api/v1/ground-truth",
  request_metadata: "feature_time and event_time in the request",
  prediction_log: "rows of live requests, counted in the frozen bins of the baseline when they are answered",
  drill: "drills on a canary copy of the revision, never on live traffic",
  none: "none",
};

/** Where a clause's number comes from, in words. */
export function howMeasured(clause: Described): HowMeasured {
  const { minRows, maxRows } = clause.population;
  const rows = minRows === maxRows ? `${minRows} row${minRows === 1 ? "" : "s"}` : `${minRows} to ${maxRows} rows`;
  switch (clause.kind) {
    case "latency":
      return explain(clause, "inference_requests by minute and hour", "service-windows", [
        `Requests of ${rows} that were taken on (answered or timed out), nearest rank in buckets 2.2 % wide.`,
        "Interval: exact binomial order statistics, widened to the bucket.",
      ]);
    case "throughput":
      return explain(clause, "inference_requests by minute", "service-windows", [
        "Busiest minute of the window, requests per second that were taken on; those answered 429 beyond the ceiling are not in it.",
        "Interval: less one second's worth that may come at once.",
      ]);
    case "availability":
      return explain(clause, "inference_requests by minute and hour; probe_results", "service-windows, probe-results", [
        "Answered by the model among requests with a right to an answer: refusals for what the client sent, and 429 beyond the ceiling, do not count; fallbacks are failures.",
        "Interval: Wilson, Clopper-Pearson where few failures are expected. Without a good answer to the probe for 15 s: unavailable.",
      ]);
    case "freshness":
      return explain(clause, "inference_rows by event hour", "event-windows", [
        "Age of the oldest feature of each row, nearest rank in buckets 2.2 % wide.",
        "Interval: exact binomial order statistics, widened to the bucket.",
      ]);
    case "quality":
      return explain(clause, "inference_rows joined with ground_truth, by event day", "event-windows", [
        `Whole UTC days of event time whose labels are due (watermark less ${clause.labelDelaySeconds / 3600} h). Latest observation of a label wins.`,
        ...(clause.slice ? [`Only rows of the slice ${sliceName(clause.slice)}.`] : []),
        QUALITY_METHOD[METRIC_RULES[clause.metric].name] ?? "",
      ]);
    case "drift":
      return explain(clause, "drift_day, violations_day, by event day", "drift-windows", [
        "Whole UTC days of event time against the frozen bins of the reference period.",
        DRIFT_METHOD[clause.metric] ?? "",
      ]);
    case "failure_mode":
      return {
        ...explain(clause, "evidence_run", "", ["Time since the last drill of the serving revision that passed."]),
        query: "lib/governance: evidence_run",
      };
  }
}

function explain(clause: Described, source: string, query: string, method: readonly string[]): HowMeasured {
  return { source, probe: PROBE[clause.probe], query: `lib/clickhouse/${query}`, method: method.join(" ") };
}

const QUALITY_METHOD: Readonly<Record<string, string>> = {
  [METRIC_RULES.auc.name]: "Ties count half; interval: DeLong on the logit scale.",
  [METRIC_RULES.calibration_error.name]:
    "Ten bins of equal count; interval: closed form, corrected for the bias of the estimate.",
  [METRIC_RULES.log_loss.name]: "Mean with its normal interval; scores clipped at 1e-7.",
  [METRIC_RULES.accuracy.name]: "Decisions that agree with the label; interval: Wilson or Clopper-Pearson.",
  [METRIC_RULES.f1.name]: "Of the decisions at the signed threshold; interval: delta method, good from about 500 rows.",
  [METRIC_RULES.brier.name]: "Mean squared error of the probability with its normal interval.",
  [METRIC_RULES.rmse.name]: "Root of the mean squared error of the probability; interval: delta method.",
  [METRIC_RULES.mae.name]: "Mean absolute error of the probability with its normal interval.",
  [METRIC_RULES.label_coverage.name]:
    "Rows with a label among all rows that are old enough to have one; interval: Wilson or Clopper-Pearson.",
  [METRIC_RULES.label_delay_p95.name]:
    "From a row's event time to the first observation of its label, by the hour, over every row that is old enough; a row without a label counts as 1,000 h. Interval: order statistics.",
};

const DRIFT_METHOD: Readonly<Partial<Record<Clause["metric"], string>>> = {
  drifted_features:
    "A feature counts when its test says changed (two samples: KS for numbers, chi-squared for categories, corrected over all features) and its effect is beyond its limit. Features that follow the calendar are tested over whole weeks only.",
  out_of_range_ratio: "Rows with a value outside of the range that the interface states, among all rows.",
  type_change_ratio: "Rows with a value of another type than the interface states, among all rows.",
  prediction_drift: "Largest distance of the two distribution functions of the scores, 0 to 1.",
};

const ANY = { population: { minRows: 1, maxRows: 65_535 }, labelDelaySeconds: 0 } as const;

/** What the service charts and tiles show. */
export const SERVICE_MEASURED: HowMeasured = {
  ...howMeasured({ ...ANY, kind: "availability", metric: "success_ratio", probe: "gateway" }),
  query: "lib/clickhouse/service-windows",
  method:
    "Live requests only. Latency: requests that were taken on, of the size that the signed latency clause names, nearest rank in buckets 2.2 % wide. Availability: answered by the model among requests with a right to an answer.",
};

/** What the quality charts show. */
export const QUALITY_MEASURED: HowMeasured = {
  ...howMeasured({ ...ANY, kind: "quality", metric: "auc", probe: "ground_truth" }),
  method:
    "By UTC day of event time, restated when labels arrive late; a day is finished when all of its labels are due.",
};
