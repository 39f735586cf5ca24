import { Refusal } from "./refusal";

/** One time for all rows, one per row, or none. Milliseconds since 1970. */
export type RowTimes = number | Float64Array | null;

/** @returns milliseconds since 1970, or -1 for none. */
export const timeOfRow = (times: RowTimes, row: number): number =>
  times === null ? -1 : typeof times === "number" ? times : (times[row] as number);

/**
 * Reads `event_time` or `feature_time` of a request's parameters: a number, or text with one whole number per row, separated by
 * commas (the types Triton accepts as parameters too). A single value holds for every row.
 * @throws Refusal 400
 */
export function readRowTimes(name: string, value: unknown, rows: number): RowTimes {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") return checked(name, value, "");
  if (typeof value !== "string") throw wrong(name, "");
  const parts = value.split(",");
  if (parts.length === 1) return checked(name, whole(value), "");
  if (parts.length !== rows) {
    throw new Refusal(400, "body", `parameter '${name}': ${parts.length} values for ${rows} rows`);
  }
  return Float64Array.from(parts, (part, row) => checked(name, whole(part), `, row ${row}`));
}

const whole = (text: string): number => (/^\s*\d{1,16}\s*$/.test(text) ? Number(text) : Number.NaN);

function checked(name: string, value: number, where: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw wrong(name, where);
  return value;
}

const wrong = (name: string, where: string) =>
  new Refusal(400, "body", `parameter '${name}'${where} must be whole milliseconds since 1970`);
