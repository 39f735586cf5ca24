import { z } from "zod";
import { chiSquared, kolmogorovSmirnov, totalVariation } from "@/lib/monitoring/two-sample";
import { exactText } from "@/lib/text";

export const exactDriftInput = z.object({
  name: exactText({ max: 100 }),
  feature: exactText({ max: 200 }),
  /** The last whole event days up to the watermark. */
  days: z.coerce.number().int().min(1).max(90).default(7),
});

const side = z.object({ n: z.int(), missing: z.int(), from: z.iso.datetime(), to: z.iso.datetime() });

export const exactDrift = z.object({
  endpoint: z.string(),
  feature: z.string(),
  /** Number of the baseline. */
  baseline: z.int(),
  reference: side,
  window: side,
  test: z.enum(["kolmogorov_smirnov", "chi_squared"]),
  /** D of the values themselves, or total variation. */
  effect: z.number(),
  /** Alone: not corrected for the number of features. */
  p: z.number(),
  /** Exact law of D, or the asymptotic one of large samples. */
  method: z.enum(["exact", "asymptotic"]),
});
export type ExactDrift = z.output<typeof exactDrift>;

/** Values and how often each came. */
export type Tally = { readonly values: readonly number[]; readonly n: readonly number[] };

/** Two samples compared value by value: nothing is hidden in bins. Neither is empty. */
export function exactTest(
  reference: Tally,
  current: Tally,
  isCategory: boolean,
): Pick<ExactDrift, "test" | "effect" | "p" | "method"> {
  if (!isCategory) {
    const { d, p, method } = kolmogorovSmirnov(spread(reference), spread(current));
    return { test: "kolmogorov_smirnov", effect: d, p, method };
  }
  const values = [...new Set([...reference.values, ...current.values])];
  const counts = ({ values: own, n }: Tally) => {
    const byValue = new Map(own.map((value, i) => [value, n[i] ?? 0]));
    return values.map((value) => byValue.get(value) ?? 0);
  };
  const [r, c] = [counts(reference), counts(current)];
  return { test: "chi_squared", effect: totalVariation(r, c), p: chiSquared(r, c)?.p ?? 1, method: "asymptotic" };
}

function spread({ values, n }: Tally): Float64Array {
  const all = new Float64Array(n.reduce((sum, each) => sum + each, 0));
  let at = 0;
  for (const [i, value] of values.entries()) {
    all.fill(value, at, at + (n[i] ?? 0));
    at += n[i] ?? 0;
  }
  return all;
}

/** Counts equal values; NaN is missing. */
export function tallyOf(values: Float32Array): Tally & { readonly missing: number } {
  const counts = new Map<number, number>();
  let missing = 0;
  for (const value of values) {
    if (Number.isNaN(value)) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return { values: [...counts.keys()], n: [...counts.values()], missing };
}
