import type { ClauseStateName } from "@/components/ui/clause-state";
import type { GuardReading, Progress, RolloutState } from "@/lib/deployments/rollout";
import type { EventKind, RolloutStage, RolloutView } from "@/lib/deployments/rollout-schema";
import { formatCount, formatDuration, formatNumber, formatPercent } from "@/lib/format";

/** How a rollout is told: every state with one of the four looks of a state, and a word of its own. */
type Look = { readonly state: ClauseStateName; readonly word: string };

const ROLLOUT: Readonly<Record<RolloutState, Look>> = {
  checking: { state: "unproven", word: "Checking" },
  shadow: { state: "unproven", word: "In the shadow" },
  stepping: { state: "unproven", word: "Rolling out" },
  completed: { state: "met", word: "Serves" },
  rolled_back: { state: "breached", word: "Rolled back" },
  stopped: { state: "at_risk", word: "Stopped" },
};

const GUARD: Readonly<Record<GuardReading["state"], Look>> = {
  holds: { state: "met", word: "Holds" },
  doubtful: { state: "at_risk", word: "Doubtful" },
  broken: { state: "breached", word: "Broken" },
  no_data: { state: "unproven", word: "No data" },
};

export const EVENT_WORDS: Readonly<Record<EventKind, string>> = {
  started: "Started",
  golden: "Golden set",
  advanced: "Next step",
  paused: "Paused",
  resumed: "Resumed",
  extended: "Extended",
  completed: "Serves",
  rolled_back: "Rolled back",
  stopped: "Stopped",
};

type Held = Pick<RolloutView, "state" | "paused" | "pausedByAll">;

export const isOpen = ({ state }: Pick<Held, "state">): boolean => ["checking", "shadow", "stepping"].includes(state);

/** A rollout at a glance; a pause shows only while there is something to hold. */
export function rolloutLook(rollout: Held): Look {
  if (isOpen(rollout) && (rollout.paused || rollout.pausedByAll)) return { state: "at_risk", word: "Paused" };
  return ROLLOUT[rollout.state];
}

export const guardLook = ({ state }: Pick<GuardReading, "state">): Look => GUARD[state];

/** Null: the stage is still ahead. */
export function stageLook({ progress }: Pick<RolloutStage, "progress">, rollout: Held): Look | null {
  if (progress === "done") return { state: "met", word: "Done" };
  if (progress === "ahead") return null;
  return progress === "current" && isOpen(rollout) ? { ...rolloutLook(rollout), word: "Now" } : ROLLOUT[rollout.state];
}

/** A value of a guard in its unit; a difference in percentage points. */
export function guardNumber(value: number | null, unit: GuardReading["unit"]): string {
  if (value === null) return "—";
  if (unit === "share") return formatPercent(value);
  return unit === "difference" ? `${formatNumber(value * 100)} pp` : formatNumber(value);
}

/** How far a stage is, 0 to 1: the slower of its samples and its time. */
export function progressShare({ samples, samplesNeeded, seconds, secondsNeeded }: Progress): number {
  const share = (has: number, needed: number) => (needed <= 0 ? 1 : Math.min(1, has / needed));
  return Math.min(share(samples, samplesNeeded), share(seconds, secondsNeeded));
}

/** What is left of a stage at the rate so far; a stage without samples yet has no estimate beyond its time. */
export function leftWords({ samples, samplesNeeded, seconds, secondsNeeded }: Progress): string {
  const time = Math.max(0, secondsNeeded - seconds);
  const missing = Math.max(0, samplesNeeded - samples);
  if (missing === 0) return time === 0 ? "none" : formatDuration(Math.ceil(time) * 1000);
  if (samples === 0 || seconds === 0) return `${formatCount(missing)} samples`;
  const atThisRate = (missing * seconds) / samples;
  return `about ${formatDuration(Math.ceil(Math.max(time, atThisRate)) * 1000)}`;
}
