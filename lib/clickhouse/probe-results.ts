import "server-only";
import { z } from "zod";
import { insertRows, queryRows } from "@/lib/clickhouse/client";
import { count, instant } from "@/lib/clickhouse/parse";

export type ProbeResult = {
  readonly endpoint: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ok: boolean;
  /** HTTP status; 0: no answer. */
  readonly status: number;
  readonly latencyUs: number;
  readonly reason: string;
};

export function insertProbeResults(results: readonly ProbeResult[]): Promise<void> {
  return insertRows(
    "probe_results",
    ["endpoint", "at", "ok", "status", "latency_us", "reason"],
    results.map((r) => [r.endpoint, r.at, r.ok, r.status, r.latencyUs, r.reason]),
  );
}

const probeRow = z.object({
  endpoint: z.string(),
  lastAt: instant,
  lastOkAt: instant,
  lastReason: z.string(),
});
export type LastProbe = z.output<typeof probeRow>;

/** What the probe last saw of every endpoint in a window (half-open, milliseconds), in ONE query. `lastReason` is of the last failure. */
export async function lastProbes(from: number, to: number): Promise<ReadonlyMap<string, LastProbe>> {
  const sql = `
SELECT p.endpoint AS endpoint, max(p.at) AS lastAt, maxIf(p.at, p.ok) AS lastOkAt, argMaxIf(p.reason, p.at, NOT p.ok) AS lastReason
FROM probe_results AS p
WHERE p.at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND p.at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
GROUP BY endpoint`;
  const rows = await queryRows(sql, { from: Math.floor(from), to: Math.ceil(to) }, probeRow);
  return new Map(rows.map((row) => [row.endpoint, row]));
}

export type ProbeAsk = { readonly endpoint: string; readonly from: number; readonly to: number };

/** How many probes failed in any windows of any endpoints (by whole hours, half-open, milliseconds), in ONE query, in the order asked. */
export async function failedProbes(asks: readonly ProbeAsk[]): Promise<number[]> {
  if (asks.length === 0) return [];
  const sql = `
WITH asks AS (
  SELECT a.1 AS key, a.2 AS endpoint, a.3 AS from_s, a.4 AS to_s
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {froms:Array(UInt32)},
    {tos:Array(UInt32)})) AS a)
)
SELECT a.key AS key, sum(p.failed) AS failed
FROM probe_1h AS p INNER JOIN asks AS a ON a.endpoint = p.endpoint
WHERE p.hour >= toStartOfHour(toDateTime(a.from_s, 'UTC')) AND p.hour < toDateTime(a.to_s, 'UTC')
GROUP BY key`;
  const params = {
    endpoints: asks.map((ask) => ask.endpoint),
    froms: asks.map((ask) => Math.floor(ask.from / 1000)),
    tos: asks.map((ask) => Math.ceil(ask.to / 1000)),
  };
  const rows = await queryRows(sql, params, z.object({ key: count, failed: count }));
  const byKey = new Map(rows.map(({ key, failed }) => [key, failed]));
  return asks.map((_, key) => byKey.get(key) ?? 0);
}
