/** What a chart over time is given, and the rows that are drawn from it. Times are milliseconds since 1970 UTC. */

export type Point = {
  /** Start of the bucket. */
  readonly at: number;
  /** `null`: nothing was measured. It is drawn as a gap, never as zero. */
  readonly value: number | null;
};

export type Series = {
  readonly name: string;
  /** Ascending in time. A bucket that is left out is a gap as well. */
  readonly points: readonly Point[];
  /** Estimated or proposed, not measured. */
  readonly dashed?: boolean;
};

/** A signed target. On its `worse` side the contract is broken. */
export type SignedLine = {
  /** "p99 signed 30 ms". */
  readonly label: string;
  readonly value: number;
  readonly worse: "up" | "down";
  /** The series it binds; all of them unless told. */
  readonly series?: string;
};

/** Something that changed what is measured: deploy, contract, approval, retraining. */
export type Change = { readonly at: number; readonly label: string };

export type Row = {
  readonly at: number;
  /** By series. */
  readonly values: readonly (number | null)[];
  /** What is drawn as finished, and what is drawn as still growing (with the point before, so that the lines meet). */
  readonly finished: readonly (number | null)[];
  readonly growing: readonly (number | null)[];
  /** Points without a neighbour, which a line does not show. */
  readonly alone: readonly boolean[];
};

/** What the lines and the words of a chart are made from. */
export type Chart = {
  readonly label: string;
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  readonly series: readonly Series[];
  readonly rows: readonly Row[];
  readonly signed: readonly SignedLine[];
  readonly changes: readonly Change[];
};

/** Beyond eight lines nobody can tell them apart. */
export const MAX_SERIES = 8;

/** The eight series with the highest mean, in the order given. */
export function topSeries(series: readonly Series[]): readonly Series[] {
  if (series.length <= MAX_SERIES) return series;
  const kept = new Set([...series].sort((a, b) => mean(b) - mean(a)).slice(0, MAX_SERIES));
  return series.filter((each) => kept.has(each));
}

function mean({ points }: Series): number {
  const values = points.flatMap(({ value }) => value ?? []);
  return values.length === 0 ? Number.NEGATIVE_INFINITY : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * One row per bucket that any series has, and an empty one wherever buckets are missing, so that the line breaks there.
 * Buckets from `unfinishedFrom` on are still growing.
 */
export function toRows(series: readonly Series[], bucketMs: number, unfinishedFrom = Number.POSITIVE_INFINITY): Row[] {
  const bySeries = series.map(({ points }) => new Map(points.map(({ at, value }) => [at, value])));
  const times = withGaps([...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))], bucketMs);
  const table = times.map((at) => bySeries.map((values) => values.get(at) ?? null));
  return times.map((at, index) => {
    const values = table[index] ?? [];
    const next = times[index + 1];
    const growing = at >= unfinishedFrom;
    const meets = next !== undefined && !growing && next >= unfinishedFrom;
    const nothing = values.map(() => null);
    return {
      at,
      values,
      finished: growing ? nothing : values,
      growing: growing || meets ? values : nothing,
      alone: values.map(
        (value, n) => value !== null && !isValue(table[index - 1]?.[n]) && !isValue(table[index + 1]?.[n]),
      ),
    };
  });
}

const isValue = (value: number | null | undefined) => value !== null && value !== undefined;

function withGaps(times: number[], bucketMs: number): number[] {
  const sorted = times.sort((a, b) => a - b);
  return sorted.flatMap((at, index) => {
    const before = sorted[index - 1];
    return before !== undefined && at - before > bucketMs * 1.5 ? [before + bucketMs, at] : [at];
  });
}

/** The colour of series `index`, a custom property of app/globals.css. */
export function seriesColour(index: number): string {
  return `var(--chart-${(index % MAX_SERIES) + 1})`;
}
