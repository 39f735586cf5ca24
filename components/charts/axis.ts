import type { Row, SignedLine } from "./series";

/** Ticks and ranges of both axes, and how a time is written on them. */

export type Scale = { readonly min: number; readonly max: number; readonly ticks: readonly number[] };

/** Below this a number is zero: nothing that is measured is so small. */
const DUST = 1e-12;
const INTERVALS = 4;

/**
 * The range of values: round ends, every value and every signed line inside, room on the worse side of the outermost line.
 * It starts at zero where that does not flatten what is measured, and ends at `ceiling` (1 for a ratio) where no value is above it.
 */
export function valueScale(
  rows: readonly Row[],
  signed: readonly SignedLine[],
  ceiling = Number.POSITIVE_INFINITY,
): Scale {
  const values = rows.flatMap((row) => row.values.flatMap((value) => value ?? []));
  const all = [...values, ...signed.map(({ value }) => value)];
  if (all.length === 0) return { min: 0, max: 1, ticks: [0, 1] };
  let low = Math.min(...all);
  let high = Math.max(...all);
  // A span that is dust beside the values is none: its ticks could not be told apart.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const flat = high - low <= Math.max(1e-6 * size, DUST);
  const room = 0.12 * (flat ? Math.max(size, DUST) : high - low);
  if (signed.some(({ value, worse }) => worse === "up" && value + room > high)) high += room;
  if (signed.some(({ value, worse }) => worse === "down" && value - room < low)) low -= room;
  if (flat) [low, high] = [Math.min(low, ...all) - room, high + room];
  if (low >= 0 && low < 0.6 * high) low = 0;
  if (Math.min(...all) >= 0) low = Math.max(0, low);
  if (Math.max(...all) <= ceiling) high = Math.min(high, ceiling);
  return roundScale(low, high);
}

/** Round ends around a range, and four or five ticks in it. */
export function roundScale(low: number, high: number): Scale {
  const rough = (high - low) / INTERVALS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  // Multiples and not sums: 3 * 0.1 is written 0.3, a sum may not be.
  const ticks = Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
  return { min: ticks[0] ?? low, max: ticks.at(-1) ?? high, ticks };
}

/** Where the contract is certainly broken: beyond the outermost line of each direction. */
export function breachAreas(signed: readonly SignedLine[], { min, max }: Scale): { from: number; to: number }[] {
  const up = signed.filter(({ worse }) => worse === "up").map(({ value }) => value);
  const down = signed.filter(({ worse }) => worse === "down").map(({ value }) => value);
  return [
    ...(up.length > 0 ? [{ from: Math.max(...up), to: max }] : []),
    ...(down.length > 0 ? [{ from: min, to: Math.min(...down) }] : []),
  ];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 5, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

/** At most `count` round UTC times in the range. */
export function timeTicks(from: number, to: number, count: number): number[] {
  const step = TIME_STEPS.find((each) => (to - from) / each <= count) ?? Math.ceil((to - from) / count / DAY) * DAY;
  const first = Math.ceil(from / step) * step;
  return first > to ? [] : Array.from({ length: Math.floor((to - first) / step) + 1 }, (_, n) => first + n * step);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A time on an axis that spans `spanMs`: seconds, minutes or the day, as far as it tells ticks apart. UTC. */
export function formatTick(at: number, spanMs: number): string {
  const date = new Date(at);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  const clock = date.toISOString().slice(11, 19);
  if (spanMs <= 5 * MINUTE) return clock;
  if (spanMs <= 2 * DAY) return clock === "00:00:00" ? day : clock.slice(0, 5);
  return spanMs <= 400 * DAY ? day : `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
