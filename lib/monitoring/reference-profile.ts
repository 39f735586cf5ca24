import {
  type BaselineColumn,
  type BaselinePayload,
  type BinCounts,
  type Bins,
  countBins,
  edgesOf,
  MOST_VALUES,
} from "@/lib/monitoring/baseline";
import { distanceOf, total, totalVariation } from "@/lib/monitoring/two-sample";
import { DAY_MS } from "@/lib/time";

/** The rows of a reference as columns. */
export type ReferenceRows = {
  /** Event times, milliseconds since 1970. */
  readonly times: Float64Array;
  /** The score first, then the features; NaN = missing. `excluded`: why it cannot be tested. */
  readonly columns: readonly { readonly name: string; readonly values: Float32Array; readonly excluded?: string }[];
};

const WEEK_DAYS = 7;
/** A whole number that hardly ever comes twice is a name, not a measurement. */
const IDENTIFIER_SHARE = 0.9;
/** A calendar feature moves so far from day to day, and so much more than from week to week. */
const CALENDAR_DAILY = 0.2;
const CALENDAR_RATIO = 4;

/** Bins, counts and weekly variation of every column: what is frozen. The reference has at least one row. */
export function profileReference({
  times,
  columns,
}: ReferenceRows): Pick<BaselinePayload, "columns" | "n" | "from" | "to"> {
  const days = daysOf(times);
  return {
    columns: columns.map((column) => profileColumn(column, days)),
    n: times.length,
    from: new Date(days.first).toISOString(),
    to: new Date(days.last + 1).toISOString(),
  };
}

type Days = {
  readonly first: number;
  readonly last: number;
  /** Positions of the rows by UTC day, from the day of the first event on. */
  readonly rows: readonly (readonly number[])[];
  /** Which of the days is the first Monday. */
  readonly monday: number;
};

function daysOf(times: Float64Array): Days {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const start = Math.floor(first / DAY_MS);
  const rows = Array.from({ length: Math.floor(last / DAY_MS) - start + 1 }, (): number[] => []);
  for (const [i, time] of times.entries()) rows[Math.floor(time / DAY_MS) - start]?.push(i);
  // Day 0, 1 January 1970, was a Thursday.
  return { first, last, rows, monday: (11 - (start % WEEK_DAYS)) % WEEK_DAYS };
}

type Column = ReferenceRows["columns"][number];

function profileColumn({ name, values, excluded }: Column, days: Days): BaselineColumn {
  const present = values.filter((value) => !Number.isNaN(value));
  const missing = values.length - present.length;
  const reason = excluded ?? whyExcluded(present);
  const none = { name, missing, unseen: 0 as const, weekly: null, weeks: 0, calendar: false };
  if (reason !== null) return { ...none, kind: "excluded", reason, edges: [], counts: [] };
  const bins = edgesOf(present);
  const { counts } = countBins(present, bins);
  return { ...none, ...bins, counts, ...variation(values, bins, counts, days) };
}

function whyExcluded(present: Float32Array): string | null {
  const [first] = present;
  if (first === undefined) return "has no value in the reference";
  if (present.every((value) => value === first)) return `constant in the reference: ${first}`;
  if (!present.every(Number.isInteger) || present.length <= MOST_VALUES) return null;
  const distinct = new Set(present).size;
  return distinct > IDENTIFIER_SHARE * present.length ? "nearly every row has a value of its own: an identifier" : null;
}

type Variation = Pick<BaselineColumn, "weekly" | "weeklyVariation" | "weeks" | "calendar">;

/**
 * How far whole calendar weeks (Monday to Sunday, UTC) lie from all of the reference, at most; and whether the column follows the calendar.
 */
function variation(values: Float32Array, bins: Bins, counts: readonly number[], { rows, monday }: Days): Variation {
  const byDay = rows.map((each) => countBins(values, bins, each));
  const weeks = Array.from({ length: Math.max(0, Math.floor((byDay.length - monday) / WEEK_DAYS)) }, (_, w) =>
    sum(byDay.slice(monday + w * WEEK_DAYS, monday + (w + 1) * WEEK_DAYS)),
  ).filter((week) => total(week) > 0);
  if (weeks.length < 2) return { weekly: null, weeklyVariation: null, weeks: weeks.length, calendar: false };
  const exact = bins.kind === "values";
  const weekly = Math.max(...weeks.map((week) => distanceOf(counts, week, exact).d));
  return {
    weekly,
    weeklyVariation: Math.max(...weeks.map((week) => totalVariation(counts, week))),
    weeks: weeks.length,
    calendar: followsCalendar(byDay, counts, weekly),
  };
}

function followsCalendar(byDay: readonly BinCounts[], counts: readonly number[], weekly: number): boolean {
  const daily = byDay
    .filter((day) => total(day.counts) > 0)
    .map((day) => distanceOf(counts, day.counts).d)
    .sort((a, b) => a - b);
  const usual = daily[Math.floor(daily.length / 2)] ?? 0;
  return usual >= CALENDAR_DAILY && usual >= CALENDAR_RATIO * weekly;
}

function sum(days: readonly BinCounts[]): number[] {
  const [first, ...rest] = days.map(({ counts }) => counts);
  return rest.reduce((all, counts) => all.map((n, bin) => n + (counts[bin] ?? 0)), [...(first ?? [])]);
}
