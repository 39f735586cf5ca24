/** Places texts on a chart so that none lies over another. Pixels. */

export type Placed = { readonly index: number; readonly y: number };

/** Moves labels at the heights `ys` apart, at least `gap`, within `top` to `bottom`, as little as that takes. */
export function spread(ys: readonly number[], gap: number, top: number, bottom: number): Placed[] {
  const placed = ys.map((y, index) => ({ index, y })).sort((a, b) => a.y - b.y);
  let floor = top;
  for (const label of placed) {
    label.y = Math.max(label.y, floor);
    floor = label.y + gap;
  }
  let ceiling = bottom;
  for (const label of placed.toReversed()) {
    label.y = Math.min(label.y, ceiling);
    ceiling = label.y - gap;
  }
  return placed.sort((a, b) => a.index - b.index);
}

const CHARACTER_PX = 6.2;
const MARK_ROWS = 3;
/** Height of a line of text. */
export const MARK_LINE_PX = 13;

/** Pixels that texts at the left of the plot take among the lines of the marks; `y` is where each stands, from the top of the plot. */
export function reservedWidth(texts: readonly { readonly text: string; readonly y: number }[]): number {
  const among = texts.filter(({ y }) => y < (MARK_ROWS + 1) * MARK_LINE_PX);
  return Math.max(Number.NEGATIVE_INFINITY, ...among.map(({ text }) => text.length * CHARACTER_PX + 12));
}

export type PlacedMark = { readonly x: number; readonly row: number; readonly side: "left" | "right" };

/**
 * Which line of text each mark's label takes, left to right; a label that would leave the plot stands left of its rule.
 * `null`: no room, the rule stands alone (its label is in the summary and the table). Up to `reserved` other text stands.
 */
export function placeMarks(
  marks: readonly { x: number; label: string }[],
  width: number,
  reserved = Number.NEGATIVE_INFINITY,
): (PlacedMark | null)[] {
  const taken: number[] = Array.from({ length: MARK_ROWS }, () => reserved);
  const order = marks.map((mark, index) => ({ ...mark, index })).sort((a, b) => a.x - b.x);
  const placed = new Map<number, PlacedMark>();
  for (const { x, label, index } of order) {
    const length = label.length * CHARACTER_PX + 8;
    const side = x + length > width ? "left" : "right";
    const start = side === "left" ? x - length : x;
    const row = taken.findIndex((end) => start >= end);
    if (row === -1 || start < 0) continue;
    taken[row] = start + length;
    placed.set(index, { x, row, side });
  }
  return marks.map((_, index) => placed.get(index) ?? null);
}
