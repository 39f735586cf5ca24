import { z } from "zod";

const values = z.array(z.union([z.number(), z.string()]));

/** One row of the reference sample as the model's inputs, and what the model answered to it: values by the name of the tensor. */
export const goldenRow = z.object({ inputs: z.record(z.string(), values), outputs: z.record(z.string(), values) });
export type GoldenRow = z.output<typeof goldenRow>;

/** Numbers that are kept with a version at most, over all rows. */
const MOST_VALUES = 4096;
const MOST_ROWS = 8;

/** How many golden rows a version with so many features has: at least one. */
export function goldenRows(features: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_VALUES / Math.max(1, features))));
}
