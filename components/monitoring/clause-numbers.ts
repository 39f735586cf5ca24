import { formatTarget, formatValue, unitOf } from "@/lib/contracts/clause-words";
import { formatCount, formatDuration, formatInterval, formatUtc } from "@/lib/format";
import type { LedgerClause } from "@/lib/monitoring/schema";

/** "25.2 – 31", null where no end is known. */
export function intervalText(clause: LedgerClause): string | null {
  if (clause.value === null || (clause.low === null && clause.high === null)) return null;
  return formatInterval(clause.low, clause.high, unitOf(clause.metric));
}

/** "1 h", "7 d, event time" */
export function windowText({ window }: LedgerClause): string {
  return `${formatDuration(window.seconds * 1000)}${window.clock === "event" ? ", event time" : ""}`;
}

/** What a person who does not see the line is told. */
export function sparkLabel(clause: LedgerClause): string {
  const last = clause.spark.findLast(({ value }) => value !== null)?.value;
  const now = last === undefined || last === null ? "no value" : `last ${formatValue(clause.metric, last)}`;
  return `${clause.name}, last 24 hours, ${now}, signed ${formatTarget(clause)}`;
}

/** Lines of "how measured" besides probe, window and n. */
export function measuredLines(clause: LedgerClause): (readonly [string, string])[] {
  const range =
    clause.window.from && clause.window.to
      ? `${formatUtc(Date.parse(clause.window.from))} to ${formatUtc(Date.parse(clause.window.to))}`
      : "no window yet";
  return [
    ["Exactly", range],
    ["Method", clause.howMeasured.method],
    ["Source", clause.howMeasured.source],
    ["Query", clause.howMeasured.query],
    ["Needs", `${formatCount(clause.minSamples)} samples`],
    ["As of", clause.asOf ? formatUtc(Date.parse(clause.asOf)) : "never"],
    ["Evaluated", clause.evaluatedAt ? formatUtc(Date.parse(clause.evaluatedAt)) : "never"],
    ["State", clause.reason],
  ];
}
