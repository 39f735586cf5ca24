import { formatCount, formatDuration } from "@/lib/format";
import type { DrillCounts, DrillReport, Fault, FaultReport } from "@/lib/governance/drill-report";

export const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  kill: "The process dies",
  hang: "The model never answers",
  slow: "The model answers too late",
  wrong: "The model fails or answers nonsense",
  overload: "More than it can take",
};

const COUNTED = [
  ["model", "by the model"],
  ["fallback", "fallback"],
  ["secondary", "previous revision"],
  ["refused", "refused"],
  ["failed", "failed"],
] as const;

/** "420 sent: 180 by the model, 240 fallback": what callers got, nothing that was none. */
export function countsWords(counts: DrillCounts): string {
  const parts = COUNTED.filter(([key]) => counts[key] > 0).map(([key, word]) => `${formatCount(counts[key])} ${word}`);
  return `${formatCount(counts.sent)} sent: ${parts.join(", ") || "no answer"}`;
}

/** "stood in after 12 ms, model back after 1.2 s" */
export function timesWords({ firstStandInMs, recoveredMs }: FaultReport["times"]): string {
  const stood = firstStandInMs === null ? "nothing stood in" : `stood in after ${formatDuration(firstStandInMs)}`;
  const back = recoveredMs === null ? "the model did not come back" : `model back after ${formatDuration(recoveredMs)}`;
  return `${stood}, ${back}`;
}

/** "5 of 5 faults as declared" */
export function drillSummary({ faults }: Pick<DrillReport, "faults">): string {
  const passed = faults.filter((each) => each.passed).length;
  return `${passed} of ${faults.length} ${faults.length === 1 ? "fault" : "faults"} as declared`;
}
