import "server-only";
import { z } from "zod";
import { insertRows, queryRows } from "@/lib/clickhouse/client";
import { instant } from "@/lib/clickhouse/parse";

/** One evaluation of one clause. Times in milliseconds since 1970; null: not measured. */
export type ClauseReading = {
  readonly endpoint: string;
  /** Id of the contract in force. */
  readonly contract: string;
  readonly clause: string;
  readonly evaluatedAt: number;
  readonly asOf: number | null;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly windowFrom: number | null;
  readonly windowTo: number | null;
  readonly state: string;
  readonly reason: string;
};

export function insertReadings(readings: readonly ClauseReading[]): Promise<void> {
  const number = (value: number | null) => value ?? "nan";
  return insertRows(
    "clause_readings",
    [
      ...(["endpoint", "contract", "clause", "evaluated_at", "as_of", "value", "low", "high", "n"] as const),
      ...["window_from", "window_to", "state", "reason"],
    ],
    readings.map((r) => [
      ...[r.endpoint, r.contract, r.clause, r.evaluatedAt, r.asOf, number(r.value), number(r.low), number(r.high), r.n],
      ...[r.windowFrom, r.windowTo, r.state, r.reason],
    ]),
  );
}

const sparkRow = z.object({ clause: z.string(), at: instant, value: z.number().nullable(), state: z.string() });
export type SparkRow = z.output<typeof sparkRow>;

/** The last reading in each of `points` equal slices of the time since `from` (milliseconds), of every clause of an endpoint, oldest first. */
export function sparkReadings(endpoint: string, from: number, to: number, points: number): Promise<SparkRow[]> {
  const sql = `
SELECT clause, max(evaluated_at) AS at, argMax(value, evaluated_at) AS value, argMax(state, evaluated_at) AS state
FROM (SELECT r.clause AS clause, r.evaluated_at AS evaluated_at, r.value AS value, r.state AS state FROM clause_readings AS r
  WHERE r.endpoint = {endpoint:String} AND r.evaluated_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND r.evaluated_at < fromUnixTimestamp64Milli({to:Int64}, 'UTC'))
GROUP BY clause, intDiv(toUnixTimestamp64Milli(evaluated_at) - {from:Int64}, {slice:Int64})
ORDER BY clause, at`;
  return queryRows(sql, { endpoint, from, to, slice: Math.max(1, Math.ceil((to - from) / points)) }, sparkRow);
}

/**
 * When a clause was first evaluated with its clock at `asOf` or later (both in milliseconds): about when the rows of that event time came
 * in. Null: never.
 */
export async function firstReadingAt(endpoint: string, clause: string, asOf: number): Promise<number | null> {
  const [row] = await queryRows(
    `SELECT min(r.evaluated_at) AS at FROM clause_readings AS r
     WHERE r.endpoint = {endpoint:String} AND r.clause = {clause:String} AND r.as_of >= fromUnixTimestamp64Milli({asOf:Int64}, 'UTC')`,
    { endpoint, clause, asOf },
    z.object({ at: instant }),
  );
  return row?.at ?? null;
}
