/** Geometry of a sparkline. Pixels; the origin is the top left corner. */

export type Spark = {
  /** One `M … L …` path; it is lifted where there is a gap. */
  readonly path: string;
  /** Points without a neighbour. */
  readonly dots: readonly { readonly x: number; readonly y: number }[];
  /** Height of the signed line. */
  readonly signedY: number | null;
};

/** `values` are evenly spaced buckets, `null` a gap. The signed line is always in view. */
export function spark(
  values: readonly (number | null)[],
  signed: number | null,
  width: number,
  height: number,
  padding = 2,
): Spark {
  const known = values.flatMap((value) => value ?? []);
  const all = signed === null ? known : [...known, signed];
  const low = Math.min(...all);
  const span = Math.max(...all) - low;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const x = (index: number) => round(values.length > 1 ? index * step : width / 2);
  const y = (value: number) =>
    round(span === 0 ? height / 2 : height - padding - ((value - low) / span) * (height - 2 * padding));
  const path: string[] = [];
  const dots: { x: number; y: number }[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const before = values[index - 1] ?? null;
    const after = values[index + 1] ?? null;
    if (before === null && after === null) dots.push({ x: x(index), y: y(value) });
    else path.push(`${before === null ? "M" : "L"}${x(index)} ${y(value)}`);
  }
  return { path: path.join(" "), dots, signedY: signed === null ? null : y(signed) };
}

const round = (value: number) => Math.round(value * 100) / 100;
