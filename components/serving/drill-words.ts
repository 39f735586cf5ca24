import { formatDuration } from "@/lib/format";
import type { DrillReport, Fault } from "@/lib/governance/drill-report";

export const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  kill: "The process dies",
  hang: "The model never answers",
  slow: "The model answers too late",
  wrong: "The model fails or answers nonsense",
  overload: "More than it can take",
};

/** "36 ms"; a dash where it did not happen. */
export function delayWords(ms: number | null): string {
  return ms === null ? "—" : formatDuration(ms);
}

/** A number and its unit on one line. */
export function tied(text: string): string {
  return text.replace(/(\d) (ms|s)\b/g, "$1\u00a0$2");
}

/** "5 of 5 faults as declared" */
export function drillSummary({ faults }: Pick<DrillReport, "faults">): string {
  const passed = faults.filter((each) => each.passed).length;
  return `${passed} of ${faults.length} ${faults.length === 1 ? "fault" : "faults"} as declared`;
}
