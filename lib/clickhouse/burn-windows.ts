import "server-only";
import { z } from "zod";
import { queryRows } from "@/lib/clickhouse/client";
import { count, histogram } from "@/lib/clickhouse/parse";
import type { ServiceAsk } from "@/lib/clickhouse/service-windows";

/** A window of one endpoint, half-open, in milliseconds, aligned to its grain by the caller. */
export type BurnAsk = ServiceAsk & { readonly grain: "minute" | "hour" };

const sums = { n: count, good: count, fellBack: count, limited: count, invalid: count, latency: histogram };
const windowRow = z.object({ key: count, ...sums });
export type BurnSums = Omit<z.output<typeof windowRow>, "key">;

const part = (grain: "minute" | "hour", table: string) => `
  SELECT a.key AS key, s.n AS s_n, s.good AS s_good, s.fell_back AS s_fell_back, s.limited AS s_limited, s.invalid AS s_invalid,
    if(s.batch BETWEEN a.min_rows AND a.max_rows, s.latency.1, []) AS s_bucket,
    if(s.batch BETWEEN a.min_rows AND a.max_rows, s.latency.2, []) AS s_count
  FROM ${table} AS s INNER JOIN (SELECT * FROM asks WHERE by_${grain}) AS a ON a.endpoint = s.endpoint
  WHERE s.source = 'live' AND s.${grain} >= toDateTime({from_${grain}:UInt32}, 'UTC')
    AND s.${grain} >= toDateTime(a.from_s, 'UTC') AND s.${grain} < toDateTime(a.to_s, 'UTC')`;

const SQL = `
WITH asks AS (
  SELECT a.1 AS key, a.2 AS endpoint, a.3 AS from_s, a.4 AS to_s, a.5 AS min_rows, a.6 AS max_rows, a.7 = 1 AS by_minute, a.7 = 0 AS by_hour
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {froms:Array(UInt32)},
    {tos:Array(UInt32)}, {min_rows:Array(UInt32)}, {max_rows:Array(UInt32)}, {by_minute:Array(UInt8)})) AS a)
)
SELECT key, sum(s_n) AS n, sum(s_good) AS good, sum(s_fell_back) AS fellBack, sum(s_limited) AS limited, sum(s_invalid) AS invalid,
  sumMap(s_bucket, s_count) AS latency
FROM (${part("minute", "sli_1m")}
  UNION ALL ${part("hour", "sli_1h")})
GROUP BY key`;

const NEVER = 4_294_967_295;
const none: BurnSums = { n: 0, good: 0, fellBack: 0, limited: 0, invalid: 0, latency: { bucket: [], count: [] } };

/**
 * Live requests over any number of windows of any number of endpoints, in ONE query over both rollups, in the order asked. Latency counts
 * only requests of the size asked for, every other number all of them. Windows without traffic are zeros.
 */
export async function burnWindows(asks: readonly BurnAsk[]): Promise<BurnSums[]> {
  if (asks.length === 0) return [];
  const froms = asks.map(({ from }) => Math.floor(from / 1000));
  const earliest = (grain: BurnAsk["grain"]) => Math.min(NEVER, ...froms.filter((_, i) => asks[i]?.grain === grain));
  const rows = await queryRows(
    SQL,
    {
      endpoints: asks.map(({ endpoint }) => endpoint),
      froms,
      tos: asks.map(({ to }) => Math.ceil(to / 1000)),
      min_rows: asks.map(({ minRows }) => minRows),
      max_rows: asks.map(({ maxRows }) => maxRows),
      by_minute: asks.map(({ grain }) => (grain === "minute" ? 1 : 0)),
      from_minute: earliest("minute"),
      from_hour: earliest("hour"),
    },
    windowRow,
  );
  const byKey = new Map(rows.map(({ key, ...rest }) => [key, rest]));
  return asks.map((_, key) => byKey.get(key) ?? none);
}

const revisionRow = z.object({ revision: z.string(), ...sums });
export type RevisionSums = z.output<typeof revisionRow>;

/** The same numbers of one window (whole minutes), by revision: who of them fails. */
export function revisionWindows(ask: ServiceAsk): Promise<RevisionSums[]> {
  const sql = `
SELECT s.revision AS revision, sum(s.n) AS n, sum(s.good) AS good, sum(s.fell_back) AS fellBack, sum(s.limited) AS limited,
  sum(s.invalid) AS invalid,
  sumMapIf(s.latency.1, s.latency.2, s.batch BETWEEN {min_rows:UInt32} AND {max_rows:UInt32}) AS latency
FROM sli_1m AS s
WHERE s.source = 'live' AND s.endpoint = {endpoint:String}
  AND s.minute >= toStartOfMinute(toDateTime({from:UInt32}, 'UTC')) AND s.minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY revision ORDER BY revision`;
  const { endpoint, from, to, minRows, maxRows } = ask;
  const params = { endpoint, from: Math.floor(from / 1000), to: Math.ceil(to / 1000) };
  return queryRows(sql, { ...params, min_rows: minRows, max_rows: maxRows }, revisionRow);
}
