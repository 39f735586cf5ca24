import "server-only";
import { z } from "zod";
import { type Params, queryRows } from "@/lib/clickhouse/client";
import { count, histogram, instant } from "@/lib/clickhouse/parse";

/** A question about the rows of one endpoint by event time. Half-open, milliseconds; whole days for quality, from a whole hour for freshness. */
export type EventAsk = { readonly endpoint: string; readonly from: number; readonly to: number };

const ASKS = `SELECT a.1 AS key, a.2 AS endpoint, a.3 AS from_s, a.4 AS to_s
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {froms:Array(Int64)},
    {tos:Array(Int64)})) AS a)`;

function paramsOf(asks: readonly EventAsk[]): Params {
  return {
    endpoints: asks.map((ask) => ask.endpoint),
    froms: asks.map((ask) => Math.floor(ask.from / 1000)),
    tos: asks.map((ask) => Math.ceil(ask.to / 1000)),
  };
}

async function inOrder<T extends { key: number }>(
  asks: readonly EventAsk[],
  rows: Promise<T[]>,
): Promise<(T | undefined)[]> {
  const byKey = new Map((await rows).map((row) => [row.key, row]));
  return asks.map((_, key) => byKey.get(key));
}

const qualitySums = {
  scored: count,
  labelled: count,
  right: count,
  sumLog: z.number(),
  sumLog2: z.number(),
  /** Score bucket (thousandths), rows scored, positive, negative, sum of the labelled scores. */
  buckets: z.tuple([z.array(count), z.array(count), z.array(count), z.array(count), z.array(z.number())]),
};
const qualityRow = z.object({ key: count, ...qualitySums }).transform(withGroups);
const qualityDayRow = z.object({ day: z.iso.date(), computedAt: instant, ...qualitySums }).transform(withGroups);
export type QualityDayRow = z.output<typeof qualityDayRow>;

function withGroups<T extends { buckets: [number[], number[], number[], number[], number[]] }>({
  buckets,
  ...rest
}: T) {
  const [bucket, , positive, negative, scoreSum] = buckets;
  const groups = bucket.map((_, i) => ({
    positive: positive[i] ?? 0,
    negative: negative[i] ?? 0,
    scoreSum: scoreSum[i] ?? 0,
  }));
  return { ...rest, groups };
}

const QUALITY_SUMS = `sum(q.scored) AS scored, sum(q.labelled) AS labelled, sum(q.tp) + sum(q.tn) AS right,
  sum(q.sum_log) AS sumLog, sum(q.sum_log2) AS sumLog2,
  sumMap(q.bucket, q.scored_n, q.pos, q.neg, q.score_sum) AS buckets`;

/** Live quality over any windows of whole event days of any endpoints, in ONE query; undefined where nothing was scored. */
export function qualityWindows(asks: readonly EventAsk[]) {
  if (asks.length === 0) return Promise.resolve([]);
  const sql = `
WITH asks AS (${ASKS})
SELECT a.key AS key, ${QUALITY_SUMS}
FROM (SELECT * FROM quality_day FINAL WHERE source = 'live') AS q INNER JOIN asks AS a ON a.endpoint = q.endpoint
WHERE toInt64(toUnixTimestamp(toDateTime(q.event_day, 'UTC'))) >= a.from_s
  AND toInt64(toUnixTimestamp(toDateTime(q.event_day, 'UTC'))) < a.to_s
GROUP BY key`;
  return inOrder(asks, queryRows(sql, paramsOf(asks), qualityRow));
}

/** Live quality of the newest `days` event days of one endpoint that have rows, oldest first. */
export function qualityDays(endpoint: string, days: number): Promise<QualityDayRow[]> {
  const sql = `
SELECT * FROM (
  SELECT q.event_day AS day, max(q.computed_at) AS computedAt, ${QUALITY_SUMS}
  FROM quality_day AS q FINAL WHERE q.source = 'live' AND q.endpoint = {endpoint:String}
  GROUP BY day ORDER BY day DESC LIMIT {days:UInt16}
) ORDER BY day`;
  return queryRows(sql, { endpoint, days }, qualityDayRow);
}

const freshnessRow = z.object({ key: count, n: count, unknown: count, age: histogram });

/** Age of the oldest feature of live rows over any event windows of any endpoints, in ONE query; undefined where there are none. */
export function freshnessWindows(asks: readonly EventAsk[]) {
  if (asks.length === 0) return Promise.resolve([]);
  const sql = `
WITH asks AS (${ASKS})
SELECT a.key AS key, sum(f.n) AS n, sum(f.unknown) AS unknown, sumMap(f.age.1, f.age.2) AS age
FROM (SELECT endpoint, hour, n, unknown, age FROM freshness_1h WHERE source = 'live') AS f INNER JOIN asks AS a ON a.endpoint = f.endpoint
WHERE toInt64(toUnixTimestamp(f.hour)) >= a.from_s AND toInt64(toUnixTimestamp(f.hour)) < a.to_s
GROUP BY key`;
  return inOrder(asks, queryRows(sql, paramsOf(asks), freshnessRow));
}

const clockRow = z.object({ endpoint: z.string(), watermark: instant, n: count, clamped: count, withoutTime: count });
export type EventClock = z.output<typeof clockRow>;

/** Watermark, clamped rows and rows without a time of every endpoint that has live rows. */
export async function eventClocks(): Promise<ReadonlyMap<string, EventClock>> {
  const rows = await queryRows(
    `SELECT c.endpoint AS endpoint, max(c.watermark) AS watermark, sum(c.n) AS n, sum(c.clamped) AS clamped,
       sum(c.without_time) AS withoutTime
     FROM event_clock AS c WHERE c.source = 'live' GROUP BY endpoint`,
    {},
    clockRow,
  );
  return new Map(rows.map((row) => [row.endpoint, row]));
}
