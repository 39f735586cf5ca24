import "server-only";
import { z } from "zod";
import { queryRows } from "@/lib/clickhouse/client";
import { count } from "@/lib/clickhouse/parse";

const counts = z.array(count);
const profileRow = z.object({
  feature: count,
  /** Bin, rows, labelled, positive, sum of the scores, sum of the squared errors. */
  bins: z.tuple([counts, counts, counts, counts, z.array(z.number()), z.array(z.number())]),
});

/** Live rows of one bin of one feature (1 = the first of the interface); sums are over labelled rows. */
export type ProfileBin = {
  readonly bin: number;
  readonly n: number;
  readonly labelled: number;
  readonly positive: number;
  readonly scoreSum: number;
  readonly errorSquares: number;
};
export type FeatureProfile = { readonly feature: number; readonly bins: readonly ProfileBin[] };

/**
 * How the model did in each bin of each feature over whole event days (half-open, milliseconds): rows binned under one of `baselines`,
 * whose edges are the same.
 */
export async function sliceProfile(
  endpoint: string,
  baselines: readonly number[],
  window: { readonly from: number; readonly to: number },
): Promise<FeatureProfile[]> {
  const rows = await queryRows(
    `SELECT p.feature AS feature, sumMap(p.bin, p.n, p.labelled, p.pos, p.score_sum, p.sum_sq) AS bins
     FROM slice_day AS p FINAL
     WHERE p.source = 'live' AND p.endpoint = {endpoint:String} AND has({baselines:Array(UInt32)}, p.baseline)
       AND p.event_day >= toDate(intDiv({from:Int64}, 1000), 'UTC') AND p.event_day < toDate(intDiv({to:Int64}, 1000), 'UTC')
     GROUP BY feature ORDER BY feature`,
    { endpoint, baselines, ...window },
    profileRow,
  );
  return rows.map(({ feature, bins: [bin, n, labelled, positive, scoreSum, errorSquares] }) => ({
    feature,
    bins: bin.map((number, i) => ({
      bin: number,
      n: n[i] ?? 0,
      labelled: labelled[i] ?? 0,
      positive: positive[i] ?? 0,
      scoreSum: scoreSum[i] ?? 0,
      errorSquares: errorSquares[i] ?? 0,
    })),
  }));
}
