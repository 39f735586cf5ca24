import { z } from "zod";
import { BIN } from "@/lib/inference/events";

/**
 * The frozen reference that drift is measured against: for the score and every feature the bins, how many reference rows lie in each, and
 * how much the column moved from week to week inside the reference itself.
 */

export const baselineColumn = z.strictObject({
  /** `score`, then the features in the order of the model's input. */
  name: z.string().min(1).max(200),
  /** `number`: quantile bins. `values`: at most 100 distinct values, each an edge. `excluded`: not tested, `reason` says why. */
  kind: z.enum(["number", "values", "excluded"]),
  reason: z.string().max(500).optional(),
  /** Ascending upper bounds, both in Float32; bin of x = number of edges below x. */
  edges: z.array(z.number()).max(253),
  /** Reference rows by bin: edges + 1. */
  counts: z.array(z.int().nonnegative()).max(254),
  missing: z.int().nonnegative(),
  /** The reference has no unseen values; kept so that reference and window have the same form. */
  unseen: z.literal(0),
  /** Follows the calendar: moves from day to day, hardly from week to week. Tested over whole weeks only. */
  calendar: z.boolean(),
  /** Largest distance D of a whole calendar week of the reference to all of it; null: the reference has no two of them. */
  weekly: z.number().min(0).max(1).nullable(),
  /** The same as total variation: for a feature that the contract calls a category. */
  weeklyVariation: z.number().min(0).max(1).nullable().optional(),
  /** Whole calendar weeks (Monday to Sunday, UTC) of the reference. */
  weeks: z.int().nonnegative(),
});
export type BaselineColumn = z.output<typeof baselineColumn>;

export const baselinePayload = z.strictObject({
  columns: z.array(baselineColumn).min(1).max(2001),
  /** Reference rows. */
  n: z.int().positive(),
  /** Event time of the reference, half-open. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Isotonic: probability of the positive class by score, linear between the points; null: no labelled sample. */
  calibrator: z
    .strictObject({
      score: z.array(z.number()).min(1).max(10_000),
      probability: z.array(z.number().min(0).max(1)).min(1).max(10_000),
    })
    .nullable(),
  /** How much the log loss (nats) grows when the feature's values are shuffled; null: no labelled sample. */
  importance: z.array(z.strictObject({ feature: z.string(), value: z.number() })).nullable(),
  /** Tensor and column of the model that the scores are from; absent: not known. */
  output: z.strictObject({ name: z.string(), index: z.int().min(0) }).optional(),
  /** Number of the baseline whose edges these are: rows that were binned under it count here too. Absent: its own. */
  edgesOf: z.int().positive().optional(),
});
export type BaselinePayload = z.output<typeof baselinePayload>;

export type Bins = Pick<BaselineColumn, "kind" | "edges">;

/** Quantile bins where a column has more distinct values than this. */
export const MOST_VALUES = 100;

/**
 * Edges of a column from its values (finite, as Float32). At most 100 distinct values: each is an edge, so every known value has a bin of
 * its own. More: the upper bounds of 100 bins of equal count, ties never split, the last bin open.
 */
export function edgesOf(values: Float32Array): Bins {
  const sorted = Float32Array.from(values).sort();
  const distinct = firstDistinct(sorted, MOST_VALUES + 1);
  if (distinct.length <= MOST_VALUES) return { kind: "values", edges: distinct };
  const edges = new Set<number>();
  for (let k = 1; k < MOST_VALUES; k++) {
    edges.add(sorted[Math.ceil((k * sorted.length) / MOST_VALUES - 1e-9) - 1] ?? 0);
  }
  return { kind: "number", edges: [...edges] };
}

/** The first `limit` distinct values of a sorted array. */
function firstDistinct(sorted: Float32Array, limit: number): number[] {
  const found: number[] = [];
  for (const value of sorted) {
    if (value !== found.at(-1)) found.push(value);
    if (found.length === limit) break;
  }
  return found;
}

/** Bin of a Float32 value: number of edges below it; `BIN.missing` for NaN, `BIN.unseen` for a value that is none of the known ones. */
export function binOf(value: number, { kind, edges }: Bins): number {
  if (Number.isNaN(value)) return BIN.missing;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return kind === "values" && edges[low] !== value ? BIN.unseen : low;
}

/** How many rows lie in each bin; `counts` has edges + 1 entries. */
export type BinCounts = { readonly counts: number[]; readonly unseen: number; readonly missing: number };

/** Counts values by bin, only of the given positions where `rows` is there. */
export function countBins(values: Float32Array, bins: Bins, rows?: readonly number[] | Uint32Array): BinCounts {
  const all = new Uint32Array(256);
  const edges = Float32Array.from(bins.edges);
  const find = finder(edges);
  const exact = bins.kind === "values";
  const n = rows ? rows.length : values.length;
  for (let i = 0; i < n; i++) {
    const value = values[rows ? (rows[i] as number) : i] as number;
    let bin = BIN.missing as number;
    if (!Number.isNaN(value)) {
      bin = find(value);
      if (exact && edges[bin] !== value) bin = BIN.unseen;
    }
    all[bin] = (all[bin] as number) + 1;
  }
  return {
    counts: Array.from(all.subarray(0, edges.length + 1)),
    unseen: all[BIN.unseen] ?? 0,
    missing: all[BIN.missing] ?? 0,
  };
}

const CELLS = 1024;

/**
 * Number of edges below a value, for millions of values: a table of equal cells says where to begin, a few steps lead on. Five times as fast
 * as halving, whose every step the processor guesses wrong half of the time.
 */
function finder(edges: Float32Array): (value: number) => number {
  const n = edges.length;
  const [first, last] = [edges[0] ?? 0, edges[n - 1] ?? 0];
  const scale = last > first ? (CELLS - 1) / (last - first) : 0;
  const guide = new Uint8Array(CELLS);
  let next = 0;
  for (let cell = 0; cell < CELLS; cell++) {
    // A cell early, so that rounding never begins too late.
    while (next < n && (edges[next] as number) < first + (cell - 1) / scale) next++;
    guide[cell] = next;
  }
  return (value) => {
    if (n === 0 || value <= first) return 0;
    if (value > last) return n;
    let bin = guide[((value - first) * scale) | 0] as number;
    while ((edges[bin] as number) < value) bin++;
    return bin;
  };
}
