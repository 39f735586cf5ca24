export const AXIS_WIDTH = 60;
export const TOP = 12;
export const BOTTOM = 22;
/** Room for the names at the ends of the lines; where there is none the legend has to do. */
const END_LABELS = 88;
const NARROW = 560;

/** A rectangle of the drawing, in pixels. */
export type Frame = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

export const TICK = { fontSize: 11, fill: "var(--muted)" } as const;

/** Where lines are drawn in a chart of this size, in pixels: the plot, its right margin, and whether names stand at the line ends. */
export function plotFrame(width: number, height: number) {
  const named = width >= NARROW;
  const right = named ? END_LABELS : 14;
  const plot: Frame = { left: AXIS_WIDTH, top: TOP, width: width - AXIS_WIDTH - right, height: height - TOP - BOTTOM };
  return { plot, right, named };
}
