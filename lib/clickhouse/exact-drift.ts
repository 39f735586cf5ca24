import "server-only";
import { z } from "zod";
import { queryRows } from "@/lib/clickhouse/client";
import { count } from "@/lib/clickhouse/parse";
import type { Range } from "@/lib/time";

const MOST_ROWS = 500_000;

const valuesRow = z.object({ values: z.array(z.number()), n: z.array(count), missing: count });

export type RawValues = {
  /** Distinct values and how often each came. */
  readonly values: readonly number[];
  readonly n: readonly number[];
  readonly missing: number;
};

/**
 * Values of one feature (from 0, in the order of the interface) of the live rows of an endpoint over a range of event time, from the rows
 * themselves; at most 500,000 rows, a row that came twice counts once. For one feature on demand: clauses read the counts by day.
 */
export async function rawValues(endpoint: string, feature: number, { from, to }: Range): Promise<RawValues> {
  const [row] = await queryRows(
    `
SELECT groupArrayIf(v, NOT isNaN(v)) AS values, groupArrayIf(c, NOT isNaN(v)) AS n, sumIf(c, isNaN(v)) AS missing
FROM (
  SELECT toFloat64(v32) AS v, count() AS c
  FROM (
    SELECT r.num[{position:UInt32}] AS v32 FROM inference_rows AS r
    WHERE r.endpoint = {endpoint:String} AND r.source = 'live' AND r.has_event_time
      AND r.event_time >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND r.event_time < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
      AND length(r.num) >= {position:UInt32}
    LIMIT 1 BY r.row_key LIMIT {most:UInt32}
  )
  GROUP BY v32
)`,
    { endpoint, position: feature + 1, from, to, most: MOST_ROWS },
    valuesRow,
  );
  return row ?? { values: [], n: [], missing: 0 };
}
