import "server-only";
import { z } from "zod";
import { execute, queryRows } from "@/lib/clickhouse/client";

const changedDay = z.object({ endpoint: z.string(), day: z.iso.date(), changed: z.string() });
export type ChangedDay = z.output<typeof changedDay>;

/**
 * Event days with rows or labels newer than their computation, newest first, at most `limit`. Overlaps by 60 s: the time of a change is
 * taken before its rows can be seen. `changed` names the state of the day: the same text means that nothing came since.
 */
export function changedDays(limit: number): Promise<ChangedDay[]> {
  const sql = `
SELECT c.endpoint AS endpoint, c.event_day AS day, toString(max(c.changed_at)) AS changed
FROM changed_days AS c
LEFT JOIN (SELECT endpoint, event_day, max(computed_at) AS done FROM quality_day GROUP BY endpoint, event_day) AS d
  ON d.endpoint = c.endpoint AND d.event_day = c.event_day
GROUP BY c.endpoint, c.event_day, d.done
HAVING max(c.changed_at) >= d.done - INTERVAL 60 SECOND
ORDER BY c.event_day DESC LIMIT {limit:UInt32}`;
  return queryRows(sql, { limit }, changedDay);
}

/**
 * Computes the quality of one event day of one endpoint anew, whole, from its rows and the labels known now; readers see the old day or
 * the new one. A row that was written twice (a repeated request) counts once, as received last.
 */
export function refreshQualityDay(endpoint: string, day: string): Promise<void> {
  const sql = `
INSERT INTO quality_day
WITH labels AS (
  SELECT row_key, argMax(tuple(value, withdrawn), tuple(observed_at, received_at, label_id)) AS t, min(received_at) AS first_received
  FROM ground_truth WHERE endpoint = {endpoint:String} AND event_day = {day:Date}
  GROUP BY row_key HAVING NOT t.2
),
once AS (
  SELECT revision, source, row_key, received_at, score, predicted
  FROM inference_rows
  WHERE endpoint = {endpoint:String} AND source != 'probe' AND has_event_time
    AND event_time >= toDateTime64({day:Date}, 3, 'UTC') AND event_time < toDateTime64({day:Date} + 1, 3, 'UTC')
  ORDER BY received_at DESC LIMIT 1 BY source, row_key
),
scored AS (
  SELECT r.revision AS revision, r.source AS source, toUInt16(least(999, greatest(0, floor(r.score * 1000)))) AS b,
    toFloat64(r.score) AS s, r.predicted AS d, l.row_key != 0 AS has, l.t.1 AS y,
    dateDiff('hour', r.received_at, l.first_received) AS late,
    least(1 - 1e-7, greatest(s, 1e-7)) AS sc, -(y * log(sc) + (1 - y) * log(1 - sc)) AS ll
  FROM once AS r LEFT JOIN labels AS l ON l.row_key = r.row_key
),
per_bucket AS (
  SELECT revision, source, b, count() AS n, countIf(has AND y = 1) AS p, countIf(has AND y = 0) AS q, sumIf(s, has) AS ss,
    countIf(has AND y = 1 AND d = 1) AS tp_, countIf(has AND y = 0 AND d = 1) AS fp_,
    countIf(has AND y = 1 AND d = 0) AS fn_, countIf(has AND y = 0 AND d = 0) AS tn_,
    sumIf(pow(s - y, 2), has) AS e2, sumIf(pow(s - y, 4), has) AS e4, sumIf(ll, has) AS l1, sumIf(ll * ll, has) AS l2,
    sumMapIf([toUInt16(least(1000, greatest(late, 0)))], [toUInt32(1)], has) AS delay
  FROM scored GROUP BY revision, source, b ORDER BY b
)
SELECT {endpoint:String}, revision, source, {day:Date}, sum(n), sum(p + q), sum(tp_), sum(fp_), sum(fn_), sum(tn_),
  sum(e2), sum(e4), sum(l1), sum(l2),
  groupArray(b), groupArray(toUInt32(n)), groupArray(toUInt32(p)), groupArray(toUInt32(q)), groupArray(ss),
  sumMap(delay.1, delay.2).1, sumMap(delay.1, delay.2).2, now64(3)
FROM per_bucket GROUP BY revision, source
SETTINGS join_use_nulls = 0`;
  return execute(sql, { endpoint, day });
}
