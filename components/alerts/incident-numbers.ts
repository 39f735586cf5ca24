import { formatDuration, formatPercent } from "@/lib/format";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/time";

/** How long it lasted; null: it goes on. */
export function lasted({ startedAt, resolvedAt }: Pick<AlertDetail, "startedAt" | "resolvedAt">): string | null {
  return resolvedAt === null ? null : formatDuration(Date.parse(resolvedAt) - Date.parse(startedAt));
}

/** "12 min before", "3 min after it began": where a moment lies against the beginning. */
export function offsetOf(at: string, startedAt: string): string {
  const offset = Date.parse(at) - Date.parse(startedAt);
  if (Math.abs(offset) < SECOND_MS) return "as it began";
  const exact = Math.abs(offset);
  const unit = exact < MINUTE_MS ? SECOND_MS : exact < HOUR_MS ? MINUTE_MS : HOUR_MS;
  const size = formatDuration(Math.round(exact / unit) * unit);
  return offset < 0 ? `${size} before it began` : `${size} after it began`;
}

type Budgeted = Pick<AlertDetail, "state" | "budgetSpent" | "annotations"> & { readonly promise: object | null };

/** What of the error budget it spent, or spends; null: the clause has none that was counted. */
export function budgetWords({ state, budgetSpent, annotations, promise }: Budgeted): {
  readonly value: string;
  readonly note: string;
} {
  if (budgetSpent !== null) return { value: formatPercent(budgetSpent), note: "of the clause's budget" };
  const left = annotations.budget_left;
  if (state === "firing" && left?.startsWith("-")) return { value: "none left", note: "when it began" };
  if (state === "firing" && left !== undefined) return { value: left, note: "left when it began" };
  if (state === "firing" && promise) return { value: "—", note: "counted when it is over" };
  return { value: "—", note: promise ? "the clause has no budget" : "about no clause" };
}

/** Whether a change lies in the hour before the beginning: it may be why. */
export function mayBeWhy(at: string, startedAt: string): boolean {
  const before = Date.parse(startedAt) - Date.parse(at);
  return before >= 0 && before <= HOUR_MS;
}

/** Largest share of requests that failed, to point at the row that stands out; null: nobody fails more than another. */
export function worstRevision(revisions: AlertDetail["revisions"]): string | null {
  const failing = revisions.filter(({ errorRatio }) => errorRatio !== null && errorRatio > 0);
  const [first, second] = [...failing].sort((a, b) => (b.errorRatio ?? 0) - (a.errorRatio ?? 0));
  if (!first || revisions.length < 2) return null;
  return second && second.errorRatio === first.errorRatio ? null : first.revision;
}
