import type { LoadStep } from "@/lib/serving/load-curve";
import { ReportProblem, reportedStep } from "@/lib/serving/load-report";

type Json = Readonly<Record<string, unknown>>;

/**
 * The one step of a k6 summary: `--summary-export` (numbers directly in the metric) or `handleSummary` (numbers under `values`).
 * Latency is `http_req_duration` in milliseconds; iterations that k6 dropped were offered too. p(99) is not among k6's defaults:
 * `--summary-trend-stats "med,p(95),p(99),max"`. Throws `ReportProblem`.
 */
export function readK6(content: string): LoadStep[] {
  const metrics = objectAt(parse(content), "metrics", "metrics");
  const duration = metricOf(metrics, "http_req_duration");
  const requests = metricOf(metrics, "http_reqs");
  const trend = (name: string) => numberAt(duration, name, `metrics.http_req_duration.${name}`);
  const n = Math.round(numberAt(requests, "count", "metrics.http_reqs.count"));
  const rate = numberAt(requests, "rate", "metrics.http_reqs.rate");
  if (n < 1 || rate <= 0) throw new ReportProblem("metrics.http_reqs", "not one request was made");
  const dropped = optionalRate(metrics, "dropped_iterations");
  const failed = failedRatio(metrics);
  const step = reportedStep({
    offeredPerSecond: rate + dropped,
    achievedPerSecond: rate * (1 - failed),
    seconds: n / rate,
    n,
    errors: Math.round(n * failed),
    p50: trend("med"),
    p95: trend("p(95)"),
    p99: trend("p(99)"),
    max: trend("max"),
  });
  return [step];
}

function parse(content: string): Json {
  try {
    const read: unknown = JSON.parse(content);
    if (isObject(read)) return read;
  } catch {
    // the same message: it is no object either
  }
  throw new ReportProblem("content", "not a JSON object: hand in k6's summary, not its log or its stream of points");
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function objectAt(from: Json, key: string, field: string): Json {
  const found = from[key];
  if (!isObject(found)) throw new ReportProblem(field, "is missing");
  return found;
}

/** The numbers of a metric, in either form. */
function metricOf(metrics: Json, name: string): Json {
  const metric = objectAt(metrics, name, `metrics.${name}`);
  return isObject(metric.values) ? metric.values : metric;
}

function numberAt(from: Json, key: string, field: string): number {
  const found = from[key];
  if (typeof found === "number" && Number.isFinite(found) && found >= 0) return found;
  const hint = key === "p(99)" ? '; run k6 with --summary-trend-stats "med,p(95),p(99),max"' : "";
  throw new ReportProblem(field, `${found === undefined ? "is missing" : "is no number of at least 0"}${hint}`);
}

function optionalRate(metrics: Json, name: string): number {
  return metrics[name] === undefined ? 0 : numberAt(metricOf(metrics, name), "rate", `metrics.${name}.rate`);
}

function failedRatio(metrics: Json): number {
  if (metrics.http_req_failed === undefined) return 0;
  const metric = metricOf(metrics, "http_req_failed");
  const key = metric.rate === undefined ? "value" : "rate";
  const ratio = numberAt(metric, key, `metrics.http_req_failed.${key}`);
  if (ratio > 1) throw new ReportProblem(`metrics.http_req_failed.${key}`, "is above 1");
  return ratio;
}
