import { readFileSync } from "node:fs";

/** Offset of an airport from UTC in seconds: standard time, and how much daylight saving adds from 2001-04-01 02:00 local. */
export type AirportOffset = { readonly standard: number; readonly daylight: number };

/** In 2001 the US changed its clocks on 1 April at 02:00 local time; the data ends in June, so there is no way back. */
const DAYLIGHT_FROM_LOCAL_S = Date.UTC(2001, 3, 1, 2) / 1000;

/**
 * Airport codes in alphabetical order with their offsets.
 * Throws when a line is not `code,hours,0|1`: a wrong offset would shift features without a trace.
 */
export function readAirports(file: string): { codes: string[]; offsets: AirportOffset[] } {
  const lines = readFileSync(file, "utf8").trim().split("\n").slice(1);
  const rows = lines.map((line, i) => {
    const match = /^([A-Z]{3}),(-?\d+(?:\.\d+)?),([01])$/.exec(line.trim());
    if (!match) throw new Error(`${file}, line ${i + 2}: expected code,standard offset in hours,0 or 1; got "${line}"`);
    const [, code = "", standard, daylight] = match;
    return { code, offset: { standard: Number(standard) * 3600, daylight: Number(daylight) * 3600 } };
  });
  rows.sort((a, b) => (a.code < b.code ? -1 : 1));
  return { codes: rows.map((r) => r.code), offsets: rows.map((r) => r.offset) };
}

/** UTC seconds of a local wall-clock time that is given as if it were UTC, in seconds. */
export function toUtc(localSeconds: number, { standard, daylight }: AirportOffset): number {
  return localSeconds - standard - (localSeconds >= DAYLIGHT_FROM_LOCAL_S ? daylight : 0);
}
