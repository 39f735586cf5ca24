import type { Change, Point, Series, SignedLine } from "@/components/charts/series";
import { clauseName, formatValue } from "@/lib/contracts/clause-words";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import type { EndpointSeries, QualityNumbers, ServiceBucket } from "@/lib/monitoring/schema";
import { DAY_MS } from "@/lib/time";

const at = (bucket: ServiceBucket) => Date.parse(bucket.from);

function line(series: EndpointSeries, name: string, value: (bucket: ServiceBucket) => number | null): Series {
  return { name, points: series.buckets.map((bucket): Point => ({ at: at(bucket), value: value(bucket) })) };
}

/** p99 and p95 per bucket in milliseconds; null where no request was taken on. */
export function latencyLines(series: EndpointSeries): Series[] {
  return [
    line(series, "p99", ({ p99 }) => p99?.value ?? null),
    line(series, "p95", ({ p95 }) => p95?.value ?? null),
    line(series, "p50", ({ p50 }) => p50?.value ?? null),
  ];
}

/**
 * Requests per second of each bucket by outcome; outcomes that never occurred are left out. Before the first request of the
 * range there is nothing to count, so nothing is drawn; later a zero is a zero.
 */
export function requestLines(series: EndpointSeries, now: number): Series[] {
  const first = series.buckets.find(({ requests }) => requests > 0);
  const perSecond = (bucket: ServiceBucket, count: number) => {
    if (!first || at(bucket) < at(first)) return null;
    const end = Math.min(Date.parse(bucket.to), now);
    return count / Math.max(1, (end - at(bucket)) / 1000);
  };
  const names = ["model", "fallback", "limited", "invalid", "unavailable", "error", "timeout"] as const;
  return names
    .filter((name) => name === "model" || series.buckets.some(({ outcomes }) => outcomes[name] > 0))
    .map((name) => line(series, OUTCOME_WORDS[name], (bucket) => perSecond(bucket, bucket.outcomes[name])));
}

export const OUTCOME_WORDS = {
  model: "answered",
  fallback: "fallback",
  limited: "429 ceiling",
  invalid: "refused (client)",
  unavailable: "503",
  error: "error",
  timeout: "timeout",
} as const;

/** Share of requests answered among those with a right to an answer, per bucket. */
export function availabilityLines(series: EndpointSeries): Series[] {
  return [line(series, "availability", ({ availability }) => availability?.value ?? null)];
}

type QualityMetric = "auc" | "calibrationError" | "logLoss" | "accuracy";

/** One quality metric by event day. */
export function qualityLines(series: EndpointSeries, metric: QualityMetric, name: string): Series[] {
  const value = (day: QualityNumbers) => day[metric]?.value ?? null;
  return [{ name, points: series.quality.map((day): Point => ({ at: Date.parse(day.day), value: value(day) })) }];
}

/** Range of the event days: from the first to the end of the last; null without any. */
export function qualityRange(
  series: EndpointSeries,
): { from: number; to: number; unfinishedFrom: number | undefined } | null {
  const first = series.quality[0];
  const last = series.quality.at(-1);
  if (!first || !last) return null;
  const unfinished = series.quality.find((day) => day.unfinished);
  return {
    from: Date.parse(first.day),
    to: Date.parse(last.day) + DAY_MS,
    unfinishedFrom: unfinished && Date.parse(unfinished.day),
  };
}

/** The signed targets of some metrics as lines of a chart. */
export function signedLines(series: Pick<EndpointSeries, "signed">, metrics: readonly string[]): SignedLine[] {
  return series.signed
    .filter(({ metric }) => metrics.includes(metric))
    .map(({ metric, target }) => {
      const { direction } = METRIC_RULES[metric];
      return {
        label: `${clauseName({ metric })} signed ${formatValue(metric, target)}`,
        value: target,
        worse: direction === "at_most" ? ("up" as const) : ("down" as const),
        ...(metric === "p95" || metric === "p99" ? { series: metric } : {}),
      };
    });
}

export function changeMarks(series: EndpointSeries): Change[] {
  return series.changes.map((change) => ({ at: Date.parse(change.at), label: change.label }));
}

/** "10 · 25": the signed values of some metrics in one line. */
export function signedValues(signed: EndpointSeries["signed"], metrics: readonly string[]): string {
  return signed
    .filter(({ metric }) => metrics.includes(metric))
    .map(({ metric, target }) => formatValue(metric, target))
    .join(" · ");
}

/** Start of the bucket that is still growing, if the last one is. */
export function unfinishedFrom(series: EndpointSeries): number | undefined {
  const last = series.buckets.at(-1);
  return last?.unfinished ? at(last) : undefined;
}
