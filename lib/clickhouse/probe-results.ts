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

export type ProbeAsk = { readonly endpoint: string; readonly from: number; readonly to: number };

const probeRow = z.object({
  key: count,
  n: count,
  failed: count,
  lastAt: instant,
  lastOkAt: instant,
  lastReason: z.string(),
});

/** What the probe saw of any endpoints in any windows (half-open, milliseconds), in ONE query; null where no probe ran. */
export async function probeWindows(asks: readonly ProbeAsk[]) {
  if (asks.length === 0) return [];
  const sql = `
WITH asks AS (
  SELECT a.1 AS key, a.2 AS endpoint, a.3 AS from_ms, a.4 AS to_ms
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {froms:Array(Int64)},
    {tos:Array(Int64)})) AS a)
)
SELECT a.key AS key, count() AS n, countIf(NOT p.ok) AS failed, max(p.at) AS lastAt, maxIf(p.at, p.ok) AS lastOkAt,
  argMaxIf(p.reason, p.at, NOT p.ok) AS lastReason
FROM probe_results AS p INNER JOIN asks AS a ON a.endpoint = p.endpoint
WHERE p.at >= fromUnixTimestamp64Milli(a.from_ms, 'UTC') AND p.at < fromUnixTimestamp64Milli(a.to_ms, 'UTC')
GROUP BY key`;
  const params = {
    endpoints: asks.map((ask) => ask.endpoint),
    froms: asks.map((ask) => Math.floor(ask.from)),
    tos: asks.map((ask) => Math.ceil(ask.to)),
  };
  const byKey = new Map((await queryRows(sql, params, probeRow)).map(({ key, ...rest }) => [key, rest]));
  return asks.map((_, key) => byKey.get(key) ?? null);
}
