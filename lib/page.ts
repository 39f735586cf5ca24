import { z } from "zod";
import { AppError } from "@/lib/errors";

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

/** Sort keys that are whole numbers: of a row (32 bits), and of an audit event (64 bits). */
export const rowKey = z.string().regex(/^\d{1,9}$/);
export const eventKey = z.string().regex(/^\d{1,18}$/);

/** The sort key in a cursor, undefined for the first page. Throws `invalid` for text that is no cursor, or not one over such keys. */
export function keyAfter(cursor: string | undefined, key: z.ZodType<string>): string | undefined {
  if (cursor === undefined || cursor === "") return undefined;
  const parsed = key.safeParse(decodeCursor(cursor));
  if (parsed.success) return parsed.data;
  throw new AppError("invalid", "The cursor is not one of ours.", { cursor: ["not a cursor"] });
}

function decodeCursor(cursor: string): string | null {
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
