import { z } from "zod";

const REFUSAL = "holds a character that cannot be stored";

function isStorable(value: string): boolean {
  return !value.includes("\0") && value.isWellFormed();
}

/** An identity, kept to the letter: what `text` refuses is refused, blanks at its ends stay. */
export function exactText({ max }: { readonly max: number }) {
  return z.string().min(1).max(max).refine(isStorable, REFUSAL);
}

/** Text that PostgreSQL and a digest can hold: no NUL character, no half of a surrogate pair. */
export function text(limits: { readonly min?: number; readonly max: number; readonly missing?: string }) {
  const { min = 0, max, missing } = limits;
  return z
    .string()
    .trim()
    .min(min, missing ?? (min === 1 ? "must not be empty" : `at least ${min} characters`))
    .max(max, `at most ${max} characters`)
    .refine(isStorable, REFUSAL);
}

/**
 * For `JSON.parse` and `JSON.stringify`: texts of a model file or another program, which nobody can be told to write otherwise. What
 * cannot be stored becomes U+FFFD.
 */
export function toStorable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\ufffd").toWellFormed() : value;
}
