import type { Feature, Slice } from "@/lib/contracts/document";
import { formatNumber } from "@/lib/format";

/**
 * The canonical text of a slice: the same rows, the same text. It is the key under which the slice's quality is stored.
 * Values are sorted; a number and a text that look alike stay apart.
 */
export function sliceKey({ feature, from, to, values }: Slice): string {
  const sorted = values && [...values].map((value) => JSON.stringify(value)).sort();
  return JSON.stringify([feature, from ?? null, to ?? null, sorted ?? null]);
}

/** The slice in words: "distance 200 to 500", "origin ORD, ATL". */
export function sliceName({ feature, from, to, values }: Slice): string {
  const range =
    from !== undefined && to !== undefined
      ? `${formatNumber(from)} to below ${formatNumber(to)}`
      : from !== undefined
        ? `from ${formatNumber(from)}`
        : to !== undefined
          ? `below ${formatNumber(to)}`
          : "";
  const named = values && values.length > 4 ? [...values.slice(0, 3), `${values.length - 3} more`] : (values ?? []);
  return [feature, range, named.join(", ")].filter(Boolean).join(" ");
}

export type Placed = {
  /** From 1, among the features of the interface. */
  readonly position: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly values: number[];
};

/**
 * Where the rows of an interface carry the slice's feature, and what is asked of it. Tensors are numeric, so a category is its code.
 * Null when the interface lacks the feature, or a value is no number.
 */
export function placeSlice(features: readonly Pick<Feature, "name">[], slice: Slice): Placed | null {
  const index = features.findIndex(({ name }) => name === slice.feature);
  const values = (slice.values ?? []).map(Number);
  if (index < 0 || values.some(Number.isNaN)) return null;
  return { position: index + 1, from: slice.from ?? null, to: slice.to ?? null, values };
}
