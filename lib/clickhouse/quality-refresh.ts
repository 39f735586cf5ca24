import "server-only";
import { z } from "zod";
import { execute, type Params, queryRows } from "@/lib/clickhouse/client";

const changedDay = z.object({ endpoint: z.string(), day: z.iso.date(), changed: z.string() });
export type ChangedDay = z.output<typeof changedDay>;

/** What a computed day holds; raised when it holds more, so that earlier days are computed again. */
const SHAPE = 1;

/**
 * Event days with rows or labels newer than their computation, or computed when less was kept (and their rows are still there), newest
 * first, at most `limit`. Overlaps by 60 s: the time of a change is taken before its rows can be seen. `changed` names the state of
 * the day: the same text means that nothing came since.
 */
export function changedDays(limit: number): Promise<ChangedDay[]> {
  const sql = `
SELECT c.endpoint AS endpoint, c.event_day AS day, toString(max(c.changed_at)) AS changed
FROM changed_days AS c
LEFT JOIN (
  SELECT q.endpoint AS endpoint, q.event_day AS event_day, max(q.computed_at) AS done, argMax(q.shape, q.computed_at) AS kept
  FROM quality_day AS q GROUP BY q.endpoint, q.event_day
) AS d ON d.endpoint = c.endpoint AND d.event_day = c.event_day
GROUP BY c.endpoint, c.event_day, d.done, d.kept
HAVING max(c.changed_at) >= d.done - INTERVAL 60 SECOND
  OR (d.kept < {shape:UInt8} AND max(c.changed_at) > now() - INTERVAL 44 DAY)
ORDER BY c.event_day DESC LIMIT {limit:UInt32}`;
  return queryRows(sql, { limit, shape: SHAPE }, changedDay);
}

/** Which rows are in a slice: from <= value < to of its feature, and one of `values` if there are any. A missing value is in none. */
export type SliceRows = {
  /** Canonical text of the slice: its key in the store. */
  readonly slice: string;
  /** The revisions whose rows carry the feature, each with its position among their numbers, from 1. */
  readonly revisions: readonly string[];
  readonly positions: readonly number[];
  readonly from: number | null;
  readonly to: number | null;
  readonly values: readonly number[];
};

/**
 * Computes the quality of one event day of one endpoint anew, whole, from its rows and the labels known now, and that of the slices
 * named; readers see the old day or the new one. A row that was written twice (a repeated request) counts once, as received last.
 */
export async function refreshQualityDay(endpoint: string, day: string, slices: readonly SliceRows[] = []) {
  await execute(qualitySql("quality_day"), { endpoint, day, shape: SHAPE });
  for (const slice of slices) await refreshSliceDay(endpoint, day, slice);
  await execute(PROFILE_SQL, { endpoint, day });
}

/** The quality of one event day of one slice. */
export function refreshSliceDay(endpoint: string, day: string, rows: SliceRows): Promise<void> {
  const { where, params } = sliceCondition(rows);
  return execute(qualitySql("quality_slice_day", where), { endpoint, day, shape: SHAPE, ...params });
}

/** Days of the last 90 event days of an endpoint that are computed, but not for this slice: a contract named it since. */
export async function daysWithoutSlice(endpoint: string, slice: string): Promise<string[]> {
  const rows = await queryRows(
    `SELECT DISTINCT q.event_day AS day FROM quality_day AS q
     WHERE q.endpoint = {endpoint:String}
       AND q.event_day > (SELECT max(event_day) FROM quality_day WHERE endpoint = {endpoint:String}) - 90
       AND q.event_day NOT IN (SELECT event_day FROM quality_slice_day WHERE endpoint = {endpoint:String} AND slice = {slice:String})
     ORDER BY day DESC`,
    { endpoint, slice },
    z.object({ day: z.iso.date() }),
  );
  return rows.map(({ day }) => day);
}

function sliceCondition({ slice, revisions, positions, from, to, values }: SliceRows): {
  where: string;
  params: Params;
} {
  const value = "num[greatest(1, transform(revision, {revisions:Array(String)}, {positions:Array(UInt16)}, 1))]";
  const parts = [
    `has({revisions:Array(String)}, revision) AND NOT isNaN(${value})`,
    ...(from === null ? [] : [`${value} >= {from:Float64}`]),
    ...(to === null ? [] : [`${value} < {to:Float64}`]),
    ...(values.length === 0 ? [] : [`has({values:Array(Float32)}, ${value})`]),
  ];
  const bounds = { ...(from !== null && { from }), ...(to !== null && { to }), ...(values.length > 0 && { values }) };
  return { where: parts.join(" AND "), params: { slice, revisions, positions, ...bounds } };
}

/** The truth of the day's rows as known now. */
const LABELS = `labels AS (
  SELECT row_key, argMax(tuple(value, withdrawn), tuple(observed_at, received_at, label_id)) AS t, min(observed_at) AS first_seen
  FROM ground_truth WHERE endpoint = {endpoint:String} AND event_day = {day:Date}
  GROUP BY row_key HAVING NOT t.2
)`;

/** The day's rows, each once. */
const once = (columns: string, where = "1") => `once AS (
  SELECT revision, source, row_key, ${columns}
  FROM inference_rows
  WHERE endpoint = {endpoint:String} AND source != 'probe' AND has_event_time AND ${where}
    AND event_time >= toDateTime64({day:Date}, 3, 'UTC') AND event_time < toDateTime64({day:Date} + 1, 3, 'UTC')
  ORDER BY received_at DESC LIMIT 1 BY source, row_key
)`;

const COLUMNS = `revision, source, event_day, scored, labelled, tp, fp, fn, tn, sum_sq, sum_sq2, sum_abs, sum_log, sum_log2,
  bucket, scored_n, pos, neg, score_sum, delay_hours, delay_n, shape, computed_at`;

function qualitySql(table: "quality_day" | "quality_slice_day", where?: string): string {
  const sliced = table === "quality_slice_day";
  return `
INSERT INTO ${table} (endpoint, ${sliced ? "slice, " : ""}${COLUMNS})
WITH ${LABELS},
${once("event_time, received_at, score, predicted", where)},
scored AS (
  SELECT r.revision AS revision, r.source AS source, toUInt16(least(999, greatest(0, floor(r.score * 1000)))) AS b,
    toFloat64(r.score) AS s, r.predicted AS d, l.row_key != 0 AS has, l.t.1 AS y,
    intDiv(dateDiff('second', r.event_time, l.first_seen), 3600) AS late,
    least(1 - 1e-7, greatest(s, 1e-7)) AS sc, -(y * log(sc) + (1 - y) * log(1 - sc)) AS ll
  FROM once AS r LEFT JOIN labels AS l ON l.row_key = r.row_key
),
per_bucket AS (
  SELECT revision, source, b, count() AS n, countIf(has AND y = 1) AS p, countIf(has AND y = 0) AS q, sumIf(s, has) AS ss,
    countIf(has AND y = 1 AND d = 1) AS tp_, countIf(has AND y = 0 AND d = 1) AS fp_,
    countIf(has AND y = 1 AND d = 0) AS fn_, countIf(has AND y = 0 AND d = 0) AS tn_,
    sumIf(pow(s - y, 2), has) AS e2, sumIf(pow(s - y, 4), has) AS e4, sumIf(abs(s - y), has) AS e1,
    sumIf(ll, has) AS l1, sumIf(ll * ll, has) AS l2,
    sumMapIf([toUInt16(least(1000, greatest(late, 0)))], [toUInt32(1)], has) AS delay
  FROM scored GROUP BY revision, source, b ORDER BY b
)
SELECT {endpoint:String}, ${sliced ? "{slice:String}, " : ""}revision, source, {day:Date},
  sum(n), sum(p + q), sum(tp_), sum(fp_), sum(fn_), sum(tn_), sum(e2), sum(e4), sum(e1), sum(l1), sum(l2),
  groupArray(b), groupArray(toUInt32(n)), groupArray(toUInt32(p)), groupArray(toUInt32(q)), groupArray(ss),
  sumMap(delay.1, delay.2).1, sumMap(delay.1, delay.2).2, {shape:UInt8}, now64(3)
FROM per_bucket GROUP BY revision, source
SETTINGS join_use_nulls = 0`;
}

/** Quality by bin of every feature: the rows that carry bins of a frozen reference. Bin 1 of the row is the score: left out. */
const PROFILE_SQL = `
INSERT INTO slice_day (endpoint, revision, baseline, source, event_day, feature, bin, n, labelled, pos, score_sum, sum_sq, computed_at)
WITH ${LABELS},
${once("received_at, score, baseline, bins", "baseline != 0")},
per_bin AS (
  SELECT r.revision AS revision, r.baseline AS baseline, r.source AS source, toUInt16(f - 1) AS feature, b, count() AS n,
    countIf(l.row_key != 0) AS k, countIf(l.row_key != 0 AND l.t.1 = 1) AS p, sumIf(toFloat64(r.score), l.row_key != 0) AS ss,
    sumIf(pow(toFloat64(r.score) - l.t.1, 2), l.row_key != 0) AS e2
  FROM once AS r LEFT JOIN labels AS l ON l.row_key = r.row_key
  ARRAY JOIN r.bins AS b, arrayEnumerate(r.bins) AS f
  WHERE f > 1
  GROUP BY revision, baseline, source, feature, b ORDER BY b
)
SELECT {endpoint:String}, revision, baseline, source, {day:Date}, feature,
  groupArray(b), groupArray(toUInt32(n)), groupArray(toUInt32(k)), groupArray(toUInt32(p)), groupArray(ss), groupArray(e2), now64(3)
FROM per_bin GROUP BY revision, baseline, source, feature
SETTINGS join_use_nulls = 0`;
