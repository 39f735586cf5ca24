import { z } from "zod";

/** Text that PostgreSQL and a digest can hold: no NUL character, no half of a surrogate pair. */
export function text(limits: { readonly min?: number; readonly max: number; readonly missing?: string }) {
  const { min = 0, max, missing } = limits;
  return z
    .string()
    .trim()
    .min(min, missing ?? (min === 1 ? "must not be empty" : `at least ${min} characters`))
    .max(max, `at most ${max} characters`)
    .refine((value) => !value.includes("\0") && value.isWellFormed(), "holds a character that cannot be stored");
}
