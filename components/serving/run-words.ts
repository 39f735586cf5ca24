import type { ClauseStateName } from "@/components/ui/clause-state";
import { formatDuration } from "@/lib/format";
import type { EvidenceRun, RunKind, RunState } from "@/lib/governance/evidence-run";

export const RUN_NAMES: Readonly<Record<RunKind, string>> = { load: "Load test", drill: "Drill" };

export const RUN_LOOK: Readonly<Record<RunState, { readonly state: ClauseStateName; readonly word: string }>> = {
  queued: { state: "unproven", word: "Queued" },
  running: { state: "unproven", word: "Running" },
  passed: { state: "met", word: "Done" },
  failed: { state: "breached", word: "Failed" },
  cancelled: { state: "unproven", word: "Cancelled" },
};

export const isOpen = ({ state }: Pick<EvidenceRun, "state">) => state === "queued" || state === "running";

/** "step 3 of 9: 400 requests/s", "waits for the worker" */
export function progressWords({ state, progress }: Pick<EvidenceRun, "state" | "progress">): string {
  if (state === "queued") return "waits for the worker";
  if (!progress) return "begins";
  return `step ${progress.step} of ${progress.steps}: ${progress.text}`;
}

/** 0 to 1; the step that runs is not done yet. */
export function progressShare({ progress }: Pick<EvidenceRun, "progress">): number {
  if (!progress || progress.steps <= 0) return 0;
  return Math.min(1, Math.max(0, (progress.step - 1) / progress.steps));
}

/** "took 48 s", null while it runs. */
export function tookWords({ startedAt, endedAt }: Pick<EvidenceRun, "startedAt" | "endedAt">): string | null {
  return startedAt && endedAt ? `took ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}` : null;
}

/** Runs worth showing: those that are open, and of each kind the last that ended, unless it left evidence (which is shown itself). */
export function shownRuns(runs: readonly EvidenceRun[], kind: RunKind): readonly EvidenceRun[] {
  const ofKind = runs.filter((run) => run.kind === kind);
  const open = ofKind.filter(isOpen);
  const ended = ofKind.find((run) => !isOpen(run));
  return ended && ended.state !== "passed" ? [...open, ended] : open;
}
