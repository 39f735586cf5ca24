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
  tp: count,
  fp: count,
  fn: count,
  tn: count,
  sumLog: z.number(),
  sumLog2: z.number(),
  sumSq: z.number(),
  sumSq2: z.number(),
  // Not a number: among the days is one that was computed before it was kept.
  sumAbs: z.number().nullable(),
  complete: z.coerce.boolean(),
  delay: histogram,
  /** Score bucket (thousandths), rows scored, positive, negative, sum of the labelled scores. */
  buckets: z.tuple([z.array(count), z.array(count), z.array(count), z.array(count), z.array(z.number())]),
};
const qualityRow = z.object({ key: count, ...qualitySums }).transform(withGroups);
const qualityDayRow = z.object({ day: z.iso.date(), computedAt: instant, ...qualitySums }).transform(withGroups);
export type QualityDayRow = z.output<typeof qualityDayRow>;

type Stored = {
  readonly buckets: readonly [number[], number[], number[], number[], number[]];
  readonly delay: z.output<typeof histogram>;
  readonly complete: boolean;
};

function withGroups<T extends Stored>({ buckets, delay, complete, ...rest }: T) {
  const [bucket, scored, positive, negative, scoreSum] = buckets;
  const groups = bucket.map((number, i) => ({
    bucket: number,
    scored: scored[i] ?? 0,
    positive: positive[i] ?? 0,
    negative: negative[i] ?? 0,
    scoreSum: scoreSum[i] ?? 0,
  }));
  return { ...rest, delay: complete ? { hours: delay.bucket, n: delay.count } : null, groups };
}

const QUALITY_SUMS = `sum(q.scored) AS scored, sum(q.labelled) AS labelled, sum(q.tp) AS tp, sum(q.fp) AS fp, sum(q.fn) AS fn,
  sum(q.tn) AS tn, sum(q.sum_log) AS sumLog, sum(q.sum_log2) AS sumLog2, sum(q.sum_sq) AS sumSq, sum(q.sum_sq2) AS sumSq2,
  sum(q.sum_abs) AS sumAbs, min(q.shape) > 0 AS complete, sumMap(q.delay_hours, q.delay_n) AS delay,
  sumMap(q.bucket, q.scored_n, q.pos, q.neg, q.score_sum) AS buckets`;

const QUALITY_COLUMNS = `endpoint, event_day, scored, labelled, tp, fp, fn, tn, sum_log, sum_log2, sum_sq, sum_sq2, sum_abs, shape,
  delay_hours, delay_n, bucket, scored_n, pos, neg, score_sum`;

/** An `EventAsk` about every row, or about the rows of one slice (its canonical text). */
export type QualityAsk = EventAsk & { readonly slice?: string };

/**
 * Live quality over any windows of whole event days of any endpoints and their slices, in ONE query; undefined where nothing was
 * scored. A slice answers only for days computed since a contract names it.
 */
export function qualityWindows(asks: readonly QualityAsk[]) {
  if (asks.length === 0) return Promise.resolve([]);
  const slices = asks.map(({ slice }) => slice ?? "");
  const sliced = slices.some((slice) => slice !== "");
  const sql = `
WITH asks AS (${ASKS})
SELECT a.key AS key, ${QUALITY_SUMS}
FROM (
  SELECT '' AS slice, ${QUALITY_COLUMNS} FROM quality_day FINAL WHERE source = 'live'
  ${sliced ? `UNION ALL SELECT slice, ${QUALITY_COLUMNS} FROM quality_slice_day FINAL WHERE source = 'live'` : ""}
) AS q INNER JOIN asks AS a ON a.endpoint = q.endpoint
WHERE q.slice = {slices:Array(String)}[a.key + 1]
  AND toInt64(toUnixTimestamp(toDateTime(q.event_day, 'UTC'))) >= a.from_s
  AND toInt64(toUnixTimestamp(toDateTime(q.event_day, 'UTC'))) < a.to_s
GROUP BY key`;
  return inOrder(asks, queryRows(sql, { ...paramsOf(asks), slices }, qualityRow));
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
