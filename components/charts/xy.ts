import { roundScale, type Scale } from "./axis";

/** What a chart of one quantity against another is given (latency against load), and the rows that are drawn from it. */

export type XyPoint = {
  readonly x: number;
  /** `null`: nothing was measured there; a gap. */
  readonly y: number | null;
};

export type XySeries = {
  readonly name: string;
  /** Ascending in x. */
  readonly points: readonly XyPoint[];
  /** Stated by somebody, not measured here. */
  readonly dashed?: boolean;
  /** Series of one colour are the same quantity from different sources. */
  readonly colour: number;
};

/** A promise: a place in the plane. */
export type XySigned = {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly kept: boolean | null;
};

export type XyChart = {
  readonly label: string;
  readonly xUnit: string;
  readonly unit: string;
  readonly series: readonly XySeries[];
  readonly signed: readonly XySigned[];
  /** A vertical rule with its name. */
  readonly marks: readonly { readonly x: number; readonly label: string }[];
  /** Up to each x, from the x before, nothing below its y can be promised; infinite: nothing at all. Empty: nothing is known. */
  readonly floor: readonly { readonly x: number; readonly y: number }[];
};

export type XyRow = {
  readonly x: number;
  /** By series. */
  readonly values: readonly (number | null)[];
};

/** One row per x that any series has. */
export function toXyRows(series: readonly XySeries[]): XyRow[] {
  const bySeries = series.map(({ points }) => new Map(points.map(({ x, y }) => [x, y])));
  const xs = new Set(series.flatMap(({ points }) => points.map(({ x }) => x)));
  return [...xs].sort((a, b) => a - b).map((x) => ({ x, values: bySeries.map((values) => values.get(x) ?? null) }));
}

/** Whether a series has a hole between two of its own points: then its line must not be bridged over rows of others. */
export function hasHole({ points }: XySeries): boolean {
  const first = points.findIndex(({ y }) => y !== null);
  const last = points.findLastIndex(({ y }) => y !== null);
  return points.slice(Math.max(first, 0), last + 1).some(({ y }) => y === null);
}

/** From so wide a range on, the small values could not be told apart on an even scale. */
const WIDE = 20;

export type AxisScale = Scale & { readonly log: boolean };

/** The range of values: from zero with round ends, or by powers of ten where it is wide. Everything shown is inside. */
export function yScale({ series, signed }: Pick<XyChart, "series" | "signed">): AxisScale {
  const values = [
    ...series.flatMap(({ points }) => points.flatMap(({ y }) => y ?? [])),
    ...signed.map(({ y }) => y),
  ].filter((value) => value > 0);
  if (values.length === 0) return { min: 0, max: 1, ticks: [0, 1], log: false };
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (high / low < WIDE) return { ...roundScale(0, high * 1.08), log: false };
  return { ...logScale(low * 0.9, high * 1.1), log: true };
}

/** Ends at 1, 2 or 5 times a power of ten; ticks at all of these while they are few, else at the powers. */
function logScale(low: number, high: number): Scale {
  const ends = [1, 2, 5];
  const powers = Array.from({ length: 40 }, (_, index) => index - 20);
  const all = powers.flatMap((power) => ends.map((end) => Number((end * 10 ** power).toPrecision(3))));
  const min = all.findLast((value) => value <= low) ?? low;
  const max = all.find((value) => value >= high) ?? high;
  const inside = all.filter((value) => value >= min && value <= max);
  const tens = inside.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6));
  return { min, max, ticks: inside.length <= 8 ? inside : [...new Set([min, ...tens, max])] };
}

/** From zero to the last x with room for what stands at it; by powers of ten where the range is wide, as where rates double. */
export function xScale({ series, signed, marks }: Pick<XyChart, "series" | "signed" | "marks">): AxisScale {
  const xs = [...series.flatMap(({ points }) => points.map(({ x }) => x)), ...[...signed, ...marks].map(({ x }) => x)];
  const low = Math.min(...xs);
  const high = Math.max(0, ...xs);
  if (high === 0) return { min: 0, max: 1, ticks: [0, 1], log: false };
  if (low > 0 && high / low >= WIDE) return { ...logScale(low * 0.9, high * 1.02), log: true };
  const { ticks } = roundScale(0, high);
  const max = high * 1.04;
  return { min: 0, max, ticks: ticks.filter((tick) => tick <= max), log: false };
}

/** Where a value stands on the scale, 0 at its low end and 1 at its high end. */
export function placeOn({ min, max, log }: AxisScale, value: number): number {
  if (!log) return (value - min) / (max - min);
  return Math.log(Math.max(value, min) / min) / Math.log(max / min);
}
