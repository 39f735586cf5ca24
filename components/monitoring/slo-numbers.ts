import type { Point } from "@/components/charts/series";
import { formatCount, formatNumber, formatPercent } from "@/lib/format";
import type { BurnWindow, ErrorBudget } from "@/lib/monitoring/slo-view";
import { DAY_MS } from "@/lib/time";

/** "82.4 % left", "spent, and 12 % more", "unproven" */
export function leftWords({ left }: Pick<ErrorBudget, "left">): string {
  if (left === null) return "unproven";
  if (left < 0) return `spent, and ${formatPercent(-left)} more`;
  return `${formatPercent(left)} left`;
}

/** "82.4 %", "-41.4 %": where there is little room. */
export function leftShort({ left }: Pick<ErrorBudget, "left">): string {
  return left === null ? "—" : formatPercent(left);
}

/** Things with the same reason together, in the order in which the reasons come. */
export function byReason<T extends { readonly reason: string | null }>(
  items: readonly T[],
): readonly { readonly reason: string; readonly items: readonly T[] }[] {
  const reasons = [...new Set(items.map(({ reason }) => reason ?? "no reason is on record"))];
  return reasons.map((reason) => ({
    reason,
    items: items.filter((item) => (item.reason ?? "no reason is on record") === reason),
  }));
}

/** Width of the bar, 0 to 1. */
export function leftShare({ left }: Pick<ErrorBudget, "left">): number {
  return Math.min(1, Math.max(0, left ?? 0));
}

/** "0.6×"; a window without requests burns nothing, and says so. */
export function burnWords({ burn, n }: BurnWindow): string {
  return n === 0 ? "no traffic" : `${formatNumber(burn)}×`;
}

/** "12 of 48,210 requests broke it; 482 may" */
export function spentWords({ n, bad, budget }: Pick<ErrorBudget, "n" | "bad" | "budget">): string {
  return `${formatCount(bad)} of ${formatCount(n)} requests broke it; ${formatCount(Math.floor(n * budget + 1e-9))} may`;
}

/** The points as a line, and the usual distance of two of them, in milliseconds: the last stands at this moment, nearer to the one before. */
export function leftLine({ points }: Pick<ErrorBudget, "points">): { points: Point[]; bucketMs: number } {
  const line = points.map(({ at, left }): Point => ({ at: Date.parse(at), value: left }));
  const gaps = line.slice(1).map((point, index) => point.at - (line[index]?.at ?? point.at));
  return { points: line, bucketMs: gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? DAY_MS };
}
