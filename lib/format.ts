/** How numbers and times are written for people. Pure: `now` is an argument. `NBSP` keeps a number and its unit on one line. */

const NBSP = "\u00a0";
const DASH = "—";
const MILLION = 1e6;

const significant = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const exactly = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 17 });
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** At most three significant digits: 27.8, 0.0131, 1,230. Below a millionth with exponent; not a number is a dash. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return DASH;
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  if (value !== 0 && Math.abs(value) < 1e-6) return value.toExponential(2);
  return significant.format(value === 0 ? 0 : value);
}

/** A number of things: exact below a million (48,210), from there three significant digits (1.2 M, 3.4 bn). */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const size = Math.abs(value);
  if (size < MILLION - 0.5) return whole.format(value);
  const [scale, word] = size < 999.5 * MILLION ? [MILLION, "M"] : [1000 * MILLION, "bn"];
  return `${formatNumber(value / scale)}${NBSP}${word}`;
}

/**
 * A ratio (0 to 1) in percent. Near 100 the digits count from the other end, so that 0.99982 is not rounded up to a promise
 * that was not kept: 82.4 %, 99.982 %.
 */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100;
  const missing = 100 - percent;
  const text = missing > 1e-9 && missing < 1 ? nearHundred(percent, missing) : formatNumber(percent);
  return `${text}${NBSP}%`;
}

function nearHundred(percent: number, missing: number): string {
  const decimals = Math.min(9, 1 - Math.floor(Math.log10(missing)));
  return percent.toFixed(decimals).replace(/0+$/, "");
}

export type Quantity = { readonly text: string; readonly exact: string };

/**
 * A value with its unit, and the exact value for a tooltip. Units: `ratio` (shown in percent), `count`, none (`""` or `1`), or any
 * that is written behind the number (`ms`, `s`, `/s`).
 */
export function formatQuantity(value: number, unit = ""): Quantity {
  const raw = Number.isFinite(value) ? exactly.format(value) : formatNumber(value);
  if (unit === "ratio") return { text: formatPercent(value), exact: raw };
  if (unit === "count") return { text: formatCount(value), exact: raw };
  if (unit === "" || unit === "1") return { text: formatNumber(value), exact: raw };
  return { text: `${formatNumber(value)}${NBSP}${unit}`, exact: `${raw}${NBSP}${unit}` };
}

/** Both ends of an interval without repeating the unit: "25.2 – 31". An end that is not known is a dash. */
export function formatInterval(low: number | null, high: number | null, unit = ""): string {
  const end = (value: number | null) => {
    if (value === null) return DASH;
    return unit === "ratio" ? formatPercent(value) : formatNumber(value);
  };
  return `${end(low)} – ${end(high)}`;
}

/** Bytes in decimal units: 512 B, 42.1 kB, 1.07 GB. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${formatNumber(bytes / 1000 ** power)}${NBSP}${units[power]}`;
}

const STEPS = [
  { unit: "d", ms: 86_400_000 },
  { unit: "h", ms: 3_600_000 },
  { unit: "min", ms: 60_000 },
  { unit: "s", ms: 1000 },
] as const;

/** A length of time, in milliseconds, in the largest unit that fits: 6.1 ms, 15 min, 6.5 h, 30 d. */
export function formatDuration(ms: number): string {
  const step = STEPS.find((each) => Math.abs(ms) >= each.ms) ?? { unit: "ms", ms: 1 };
  return `${formatNumber(ms / step.ms)}${NBSP}${step.unit}`;
}

/** How long ago, in whole units that have passed: "just now", "40 s ago", "2 h ago"; ahead rounded: "in 13 d"; from 60 days the date. */
export function formatRelative(at: number, now: number): string {
  const age = now - at;
  const size = Math.abs(age);
  if (size < 5000) return "just now";
  if (size >= 60 * 86_400_000) return formatDate(at);
  const step = STEPS.find((each) => size >= each.ms) ?? STEPS[3];
  return age > 0
    ? `${Math.floor(size / step.ms)}${NBSP}${step.unit} ago`
    : `in ${Math.round(size / step.ms)}${NBSP}${step.unit}`;
}

/** The exact time: 2026-11-24 14:01:09.123 UTC. */
export function formatUtc(ms: number): string {
  return `${new Date(ms)
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, "")} UTC`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The UTC day: 12 Nov 2026. */
export function formatDate(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
