import { formatNumber } from "@/lib/format";
import type { GoldenResult } from "./rollout";

/**
 * Largest difference of two scores in [0, 1] that counts as the same: Float32 arithmetic in another order of rows or threads differs by
 * about 1e-6.
 */
export const GOLDEN_TOLERANCE = 1e-4;

/** `expected`: what the model gives when it is asked directly. `answered`: what the candidate said; text: why it said nothing. */
export type GoldenRow = { readonly expected: number; readonly answered: number | string };

/** Whether a candidate answers the golden set as its model does. */
export function judgeGolden(rows: readonly GoldenRow[]): GoldenResult {
  const differences = rows.map(({ expected, answered }) =>
    typeof answered === "number" ? Math.abs(answered - expected) : null,
  );
  const known = differences.filter((each) => each !== null);
  const largestDifference = known.length === 0 ? null : Math.max(...known);
  const wrong = differences.filter((each) => each === null || !(each <= GOLDEN_TOLERANCE)).length;
  const silent = rows.find(({ answered }) => typeof answered === "string");
  const common = { rows: rows.length, largestDifference, tolerance: GOLDEN_TOLERANCE };
  if (rows.length === 0) return { ...common, passed: false, words: "The golden set is empty." };
  if (wrong === 0) {
    return {
      ...common,
      passed: true,
      words: `All ${rows.length} rows of the golden set are answered as the model answers them.`,
    };
  }
  const why = silent ? `: ${silent.answered}` : `, by up to ${formatNumber(largestDifference ?? 0)}`;
  const words = `${wrong} of ${rows.length} rows of the golden set are answered differently than by the model itself${why}`;
  return { ...common, passed: false, words };
}
