import "server-only";
import { z } from "zod";
import { type Params, queryRows } from "@/lib/clickhouse/client";
import { count } from "@/lib/clickhouse/parse";

/** A question about whole UTC days of the rows of one endpoint; half-open, milliseconds. */
export type DriftAsk = {
  readonly endpoint: string;
  readonly from: number;
  readonly to: number;
  /** Numbers of the baselines under which a row may have been binned; they have the same edges. */
  readonly baselines: readonly number[];
};

/** Rows by bin of every column, by its position (0 = the score). */
export type DriftWindow = { readonly bins: number[][]; readonly counts: number[][] };

const columnRow = z.object({ key: count, feature: count, bins: z.array(count), counts: z.array(count) });

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

type RangeAsk = Pick<DriftAsk, "endpoint" | "from" | "to">;

function rangeParams(asks: readonly RangeAsk[]): Params {
  return {
    endpoints: asks.map(({ endpoint }) => endpoint),
    froms: asks.map(({ from }) => day(from)),
    tos: asks.map(({ to }) => day(to)),
    from: day(Math.min(...asks.map(({ from }) => from))),
    to: day(Math.max(...asks.map(({ to }) => to))),
  };
}

/**
 * Live rows by bin over any windows of any endpoints, in ONE query, from the counts by day; in the order of `asks`, undefined where no row
 * was binned under the baselines.
 */
export async function driftWindows(asks: readonly DriftAsk[]): Promise<(DriftWindow | undefined)[]> {
  const exploded = asks.flatMap((ask, key) => ask.baselines.map((baseline) => ({ ...ask, key, baseline })));
  if (exploded.length === 0) return asks.map(() => undefined);
  const rows = await queryRows(
    `
WITH asks AS (
  SELECT a.1 AS key, a.2 AS endpoint, a.3 AS baseline, toDate(a.4) AS from_day, toDate(a.5) AS to_day
  FROM (SELECT arrayJoin(arrayZip({keys:Array(UInt32)}, {endpoints:Array(String)}, {baselines:Array(UInt32)}, {froms:Array(String)},
    {tos:Array(String)})) AS a)
)
SELECT key, feature, groupArray(bin) AS bins, groupArray(c_n) AS counts
FROM (
  SELECT a.key AS key, d.feature AS feature, d.bin AS bin, sum(d.n) AS c_n
  FROM drift_day AS d INNER JOIN asks AS a ON a.endpoint = d.endpoint AND a.baseline = d.baseline
  WHERE d.source = 'live' AND d.endpoint IN {endpoints:Array(String)} AND d.event_day >= {from:Date} AND d.event_day < {to:Date}
    AND d.event_day >= a.from_day AND d.event_day < a.to_day
  GROUP BY key, feature, bin
)
GROUP BY key, feature`,
    {
      ...rangeParams(exploded),
      keys: exploded.map(({ key }) => key),
      baselines: exploded.map(({ baseline }) => baseline),
    },
    columnRow,
  );
  const windows = asks.map((): DriftWindow | undefined => undefined);
  for (const { key, feature, bins, counts } of rows) {
    const window = windows[key] ?? { bins: [], counts: [] };
    window.bins[feature] = bins;
    window.counts[feature] = counts;
    windows[key] = window;
  }
  return windows;
}

const violationRow = z.object({
  key: count,
  n: count,
  outOfRange: count,
  typeChanged: count,
  byCode: z
    .tuple([z.array(count), z.array(count)])
    .transform(([code, n]) => new Map(code.map((c, i) => [c, n[i] ?? 0]))),
});
export type ViolationWindow = Omit<z.output<typeof violationRow>, "key">;

/** How often live rows broke what their contract declares, over any windows of any endpoints, in ONE query; in the order of `asks`. */
export async function violationWindows(asks: readonly RangeAsk[]): Promise<(ViolationWindow | undefined)[]> {
  if (asks.length === 0) return [];
  const rows = await queryRows(
    `
WITH asks AS (
  SELECT a.1 AS key, a.2 AS endpoint, toDate(a.3) AS from_day, toDate(a.4) AS to_day
  FROM (SELECT arrayJoin(arrayZip(range(length({endpoints:Array(String)})), {endpoints:Array(String)}, {froms:Array(String)},
    {tos:Array(String)})) AS a)
)
SELECT a.key AS key, sum(v.n) AS n, sum(v.out_of_range) AS outOfRange, sum(v.type_changed) AS typeChanged,
  sumMap(v.by_code.1, v.by_code.2) AS byCode
FROM violations_day AS v INNER JOIN asks AS a ON a.endpoint = v.endpoint
WHERE v.source = 'live' AND v.endpoint IN {endpoints:Array(String)} AND v.event_day >= {from:Date} AND v.event_day < {to:Date}
  AND v.event_day >= a.from_day AND v.event_day < a.to_day
GROUP BY key`,
    rangeParams(asks),
    violationRow,
  );
  const byKey = new Map(rows.map(({ key, ...rest }) => [key, rest]));
  return asks.map((_, key) => byKey.get(key));
}
