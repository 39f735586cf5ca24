import type { Metric } from "@/lib/contracts/document";
import { isDuration, isPercent, METRIC_RULES } from "@/lib/contracts/metric-rules";

/** How values of a clause are typed: ratios that are read in percent as percent, times with their unit. */

const UNITS = { s: 1, min: 60, h: 3600, d: 86_400 } as const;

/** Binary arithmetic adds digits that nobody typed (0.999 * 100). */
const tidy = (value: number) => Number(value.toPrecision(12));

/** The unit beside the field. */
export function inputUnit(metric: Metric): string {
  if (isPercent(metric)) return "%";
  if (isDuration(metric)) return "";
  const { unit } = METRIC_RULES[metric];
  return unit === "ratio" ? "" : unit;
}

/** The number that a text stands for; an empty text is `undefined`, any other text is given back for its message. */
export function parseNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : trimmed;
}

/** A target as it is stored, from how it is typed: 99.9 (%) is 0.999, 30 d is 2,592,000. */
export function parseTarget(metric: Metric, text: string): number | string | undefined {
  if (isDuration(metric)) return parseSeconds(text);
  return isPercent(metric) ? parsePercent(text) : parseNumber(text);
}

export function targetText(metric: Metric, value: number): string {
  if (isDuration(metric)) return secondsText(value);
  return isPercent(metric) ? percentText(value) : String(value);
}

/** A ratio from how it is typed: 50 (%) is 0.5. */
export function parsePercent(text: string): number | string | undefined {
  const value = parseNumber(text.replace(/%$/, ""));
  return typeof value === "number" ? tidy(value / 100) : value;
}

export function percentText(ratio: number): string {
  return String(tidy(ratio * 100));
}

/** Seconds, from "90", "90 s", "15 min", "6 h" or "7 d". */
export function parseSeconds(text: string): number | string | undefined {
  const parts = /^(?<number>[\d.]+)\s*(?<unit>s|min|h|d)?$/.exec(text.trim())?.groups;
  if (!parts?.number) return text.trim() === "" ? undefined : text.trim();
  const value = Number(parts.number) * UNITS[(parts.unit ?? "s") as keyof typeof UNITS];
  return Number.isFinite(value) ? tidy(value) : text.trim();
}

/** In the largest unit that divides it: nothing is rounded. */
export function secondsText(seconds: number): string {
  const unit = (["d", "h", "min"] as const).find((each) => seconds > 0 && seconds % UNITS[each] === 0) ?? "s";
  return `${seconds / UNITS[unit]} ${unit}`;
}
