import "server-only";
import { z } from "zod";
import { queryRows } from "@/lib/clickhouse/client";
import { count } from "@/lib/clickhouse/parse";

const dayRow = z.object({ day: z.iso.date(), feature: count, bins: z.tuple([z.array(count), z.array(count)]) });

/** Live rows of one event day by bin of one column (0 = the score, from 1 the features). */
export type DriftDay = {
  readonly day: string;
  readonly feature: number;
  /** Bin number (254 unseen, 255 missing) to rows. */
  readonly bins: ReadonlyMap<number, number>;
};

type Ask = {
  readonly endpoint: string;
  /** Baselines of the same edges. */
  readonly baselines: readonly number[];
  /** Whole UTC days, half-open, milliseconds. */
  readonly from: number;
  readonly to: number;
};

/** Every column of one endpoint by event day: what the charts of drift are made from. From the daily counts, never from rows. */
export async function driftDays(ask: Ask): Promise<DriftDay[]> {
  const rows = await queryRows(
    `SELECT day, feature, sumMap([bin], [n]) AS bins FROM (
       SELECT d.event_day AS day, d.feature AS feature, d.bin AS bin, sum(d.n) AS n
       FROM drift_day AS d
       WHERE d.source = 'live' AND d.endpoint = {endpoint:String} AND has({baselines:Array(UInt32)}, d.baseline)
         AND d.event_day >= toDate(intDiv({from:Int64}, 1000), 'UTC') AND d.event_day < toDate(intDiv({to:Int64}, 1000), 'UTC')
       GROUP BY day, feature, bin
     ) GROUP BY day, feature ORDER BY day, feature`,
    { ...ask },
    dayRow,
  );
  return rows.map(({ day, feature, bins: [bin, n] }) => ({
    day,
    feature,
    bins: new Map(bin.map((number, i) => [number, n[i] ?? 0])),
  }));
}

const violationRow = z.object({
  n: count,
  outOfRange: count,
  typeChanged: count,
  byCode: z.tuple([z.array(count), z.array(count)]),
});
export type Violations = {
  readonly n: number;
  readonly outOfRange: number;
  readonly typeChanged: number;
  /** Rows by code of lib/inference/events.ts: feature x 4 + kind, feature 0 = the first. */
  readonly byCode: ReadonlyMap<number, number>;
};

/** How often live rows broke what the contract declares, over whole event days of one endpoint. */
export async function violationsOf({ endpoint, from, to }: Omit<Ask, "baselines">): Promise<Violations> {
  const [row] = await queryRows(
    `SELECT sum(v.n) AS n, sum(v.out_of_range) AS outOfRange, sum(v.type_changed) AS typeChanged, sumMap(v.by_code) AS byCode
     FROM violations_day AS v
     WHERE v.source = 'live' AND v.endpoint = {endpoint:String}
       AND v.event_day >= toDate(intDiv({from:Int64}, 1000), 'UTC') AND v.event_day < toDate(intDiv({to:Int64}, 1000), 'UTC')`,
    { endpoint, from, to },
    violationRow,
  );
  if (!row) return { n: 0, outOfRange: 0, typeChanged: 0, byCode: new Map() };
  const [code, n] = row.byCode;
  return { ...row, byCode: new Map(code.map((each, i) => [each, n[i] ?? 0])) };
}
