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
