import { z } from "zod";

/** `limit` (1 to 200, 50 unless told) and the opaque `cursor` of the page before. */
export const pageInput = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** An answer of one page of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The opaque cursor after a row: its sort key as base64url. */
export function encodeCursor(key: string): string {
  return btoa(encodeURIComponent(key)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The sort key in a cursor, undefined for none; null for text that is no cursor. */
export function decodeCursor(cursor: string | undefined): string | null | undefined {
  if (cursor === undefined || cursor === "") return undefined;
  try {
    const key = decodeURIComponent(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    // No key of ours holds it, and the database refuses it.
    return key.includes("\0") ? null : key;
  } catch {
    return null;
  }
}

/** One page from `limit + 1` rows: the extra row only tells that there is a next page. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => string,
  toItem: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null,
  };
}
