import "server-only";
import { z } from "zod";
import { type Params, queryRows } from "@/lib/clickhouse/client";
import { count, histogram } from "@/lib/clickhouse/parse";

/** A question about the requests of one endpoint. Half-open, milliseconds; aligned to the grain by the caller. */
export type ServiceAsk = {
  readonly endpoint: string;
  readonly from: number;
  readonly to: number;
  /** Latency counts only requests with so many rows, both ends included; every other number counts all requests. */
  readonly minRows: number;
  readonly maxRows: number;
};

type Grain = "minute" | "hour";
const TABLE = { minute: "sli_1m", hour: "sli_1h" } as const;
const SECONDS = { minute: 60, hour: 3600 } as const;

const sums = {
  n: count,
  good: count,
  fellBack: count,
  rejected: count,
  limited: count,
  invalid: count,
  failed: count,
  timedOut: count,
  rows: count,
  peakPerSecond: z.number(),
  latency: histogram,
};

const windowRow = z.object({ key: count, ...sums });
const seriesRow = z.object({ at: count, ...sums });

export type ServiceWindow = Omit<z.output<typeof windowRow>, "key">;
export type ServiceSlice = z.output<typeof seriesRow>;

/** One row per rollup step, then per `group`. A cell is summed over revisions and request sizes before the busiest one is looked for. */
function sql(grain: Grain, group: "key" | "at", ask: string): string {
  const step = SECONDS[grain];
  return `
WITH asks AS (${ask}),
cells AS (
  SELECT a.key AS key, s.${grain} AS step,
    sum(s.n) AS c_n, sum(s.good) AS c_good, sum(s.fell_back) AS c_fell_back, sum(s.rejected) AS c_rejected,
    sum(s.limited) AS c_limited, sum(s.invalid) AS c_invalid, sum(s.failed) AS c_failed, sum(s.timed_out) AS c_timed_out,
    sum(s.row_total) AS c_rows,
    sumMapIf(s.latency.1, s.latency.2, s.batch BETWEEN a.min_rows AND a.max_rows) AS c_latency
  FROM ${TABLE[grain]} AS s INNER JOIN asks AS a ON a.endpoint = s.endpoint
  WHERE s.source = 'live'
    AND s.${grain} >= toDateTime({from:UInt32}, 'UTC') AND s.${grain} < toDateTime({to:UInt32}, 'UTC')
    AND s.${grain} >= toDateTime(a.from_s, 'UTC') AND s.${grain} < toDateTime(a.to_s, 'UTC')
  GROUP BY key, step
)
SELECT ${group === "key" ? "key" : "intDiv(toUInt32(step), {bucket:UInt32}) * {bucket:UInt32} AS at"},
  sum(c_n) AS n, sum(c_good) AS good, sum(c_fell_back) AS fellBack, sum(c_rejected) AS rejected, sum(c_limited) AS limited,
  sum(c_invalid) AS invalid, sum(c_failed) AS failed, sum(c_timed_out) AS timedOut, sum(c_rows) AS rows,
  max(c_n - c_rejected) / ${step} AS peakPerSecond, sumMap(c_latency.1, c_latency.2) AS latency
FROM cells GROUP BY ${group} ORDER BY ${group}`;
}

const ASKS = `SELECT a.1 AS key, a.2 AS endpoint, a.3 AS from_s, a.4 AS to_s, a.5 AS min_rows, a.6 AS max_rows
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {froms:Array(UInt32)},
    {tos:Array(UInt32)}, {min_rows:Array(UInt32)}, {max_rows:Array(UInt32)})) AS a)`;

const seconds = (ms: number) => Math.floor(ms / 1000);
const secondsUp = (ms: number) => Math.ceil(ms / 1000);

function paramsOf(asks: readonly ServiceAsk[]): Params {
  return {
    endpoints: asks.map((ask) => ask.endpoint),
    froms: asks.map((ask) => seconds(ask.from)),
    tos: asks.map((ask) => secondsUp(ask.to)),
    min_rows: asks.map((ask) => ask.minRows),
    max_rows: asks.map((ask) => ask.maxRows),
    from: seconds(Math.min(...asks.map((ask) => ask.from))),
    to: secondsUp(Math.max(...asks.map((ask) => ask.to))),
  };
}

/**
 * Live requests over any number of windows of any number of endpoints, in ONE query. The answers stand in the order of `asks`;
 * undefined where nothing was asked of the endpoint. Probes and imported history never count.
 */
export async function serviceWindows(
  grain: Grain,
  asks: readonly ServiceAsk[],
): Promise<(ServiceWindow | undefined)[]> {
  if (asks.length === 0) return [];
  const rows = await queryRows(sql(grain, "key", ASKS), paramsOf(asks), windowRow);
  const byKey = new Map(rows.map(({ key, ...rest }) => [key, rest]));
  return asks.map((_, key) => byKey.get(key));
}

/** The same numbers of one window cut into buckets of `bucketSeconds` (a multiple of the grain). Buckets without requests are absent. */
export async function serviceSeries(grain: Grain, ask: ServiceAsk, bucketSeconds: number): Promise<ServiceSlice[]> {
  const rows = await queryRows(sql(grain, "at", ASKS), { ...paramsOf([ask]), bucket: bucketSeconds }, seriesRow);
  return rows.map((row) => ({ ...row, at: row.at * 1000 }));
}
