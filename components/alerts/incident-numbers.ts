import { formatDuration, formatPercent } from "@/lib/format";
import type { AlertDetail } from "@/lib/monitoring/alert-view";

/** How long it lasted; null: it goes on. */
export function lasted({ startedAt, resolvedAt }: Pick<AlertDetail, "startedAt" | "resolvedAt">): string | null {
  return resolvedAt === null ? null : formatDuration(Date.parse(resolvedAt) - Date.parse(startedAt));
}

/** "12 min before", "3 min after it began": where a moment lies against the beginning. */
export function offsetOf(at: string, startedAt: string): string {
  const offset = Date.parse(at) - Date.parse(startedAt);
  if (Math.abs(offset) < 1000) return "as it began";
  const size = formatDuration(Math.abs(offset));
  return offset < 0 ? `${size} before it began` : `${size} after it began`;
}

/** What of the error budget it spent, or spends; null: the clause has none that was counted. */
export function budgetWords({ state, budgetSpent, annotations, promise }: AlertDetail): {
  readonly value: string;
  readonly note: string;
} {
  if (budgetSpent !== null) return { value: formatPercent(budgetSpent), note: "of the clause's budget" };
  const left = annotations.budget_left;
  if (state === "firing" && left !== undefined) return { value: left, note: "left when it began" };
  if (state === "firing" && promise) return { value: "—", note: "counted when it is over" };
  return { value: "—", note: promise ? "the clause has no budget" : "about no clause" };
}

/** Whether a change lies in the hour before the beginning: it may be why. */
export function mayBeWhy(at: string, startedAt: string): boolean {
  const before = Date.parse(startedAt) - Date.parse(at);
  return before >= 0 && before <= 3_600_000;
}

/** Largest share of requests that failed, to point at the row that stands out; null: nobody fails more than another. */
export function worstRevision(revisions: AlertDetail["revisions"]): string | null {
  const failing = revisions.filter(({ errorRatio }) => errorRatio !== null && errorRatio > 0);
  const [first, second] = [...failing].sort((a, b) => (b.errorRatio ?? 0) - (a.errorRatio ?? 0));
  if (!first || revisions.length < 2) return null;
  return second && second.errorRatio === first.errorRatio ? null : first.revision;
}
