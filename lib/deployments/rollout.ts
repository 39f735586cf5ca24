import { z } from "zod";
import type { RolloutPlan } from "@/lib/contracts/document";

/**
 * How a revision takes over from the one that serves, step by step: one machine for every target. It may go back at any moment by itself;
 * it goes forward only along the plan that was signed, under a promotion that was approved, and never for want of data.
 */
export const ROLLOUT_STATES = ["checking", "shadow", "stepping", "completed", "rolled_back", "stopped"] as const;
export const rolloutState = z.enum(ROLLOUT_STATES);
export type RolloutState = z.output<typeof rolloutState>;

/** `checking`: loaded, asked the golden set only. `shadow`: gets copies. `stepping`: answers a share. `stopped`: by a person. */
const NEXT: Readonly<Record<RolloutState, readonly RolloutState[]>> = {
  checking: ["shadow", "stepping", "rolled_back", "stopped"],
  shadow: ["stepping", "rolled_back", "stopped"],
  stepping: ["stepping", "completed", "rolled_back", "stopped"],
  completed: [],
  rolled_back: [],
  stopped: [],
};

export const OPEN_ROLLOUT_STATES: readonly RolloutState[] = ["checking", "shadow", "stepping"];

/** Whether a rollout may go from one state to another. */
export function mayRolloutBecome(from: RolloutState, to: RolloutState): boolean {
  return NEXT[from].includes(to);
}

/** What a guard says at one moment; kept with every step as its evidence. */
export const guardReading = z.object({
  /** The clause's id, or `slow_share`, `failed_share`, `prediction_shift` of the comparison with the serving revision. */
  id: z.string(),
  kind: z.enum(["clause", "comparison"]),
  /** What is measured, in a few words. */
  label: z.string(),
  /** `doubtful`: beyond the limit, which may still be chance. `broken`: beyond it, and chance is ruled out. */
  state: z.enum(["holds", "doubtful", "broken", "no_data"]),
  /** Whether the step waits while it has no data. Labels come weeks later: what needs them does not hold it up. */
  required: z.boolean(),
  value: z.number().nullable(),
  limit: z.number(),
  /** How far the value lies on the good side of the limit; negative: beyond it. */
  margin: z.number().nullable(),
  unit: z.enum(["share", "difference", "distance", "score"]),
  /** How much of the evidence that rolls back is there: 0 to 1. */
  evidence: z.number(),
  /** What it was counted from. */
  samples: z.number().int(),
  incumbentSamples: z.number().int().nullable(),
  /** In a sentence. */
  words: z.string(),
});
export type GuardReading = z.output<typeof guardReading>;

/** Answers of the candidate to the golden set, against what its model gives when it is asked directly. */
export const goldenResult = z.object({
  rows: z.number().int(),
  passed: z.boolean(),
  largestDifference: z.number().nullable(),
  tolerance: z.number(),
  words: z.string(),
});
export type GoldenResult = z.output<typeof goldenResult>;

export type Rollout = {
  readonly state: RolloutState;
  readonly plan: RolloutPlan;
  /** Index of the step; 0 before the first. */
  readonly step: number;
  /** By a person, for this one or for all. */
  readonly paused: boolean;
  /** What a person added to this stage. */
  readonly extraSeconds: number;
  readonly extraSamples: number;
  /** Since when the target does what this stage asks, milliseconds since 1970; null: not yet. */
  readonly stageSince: number | null;
  readonly golden: GoldenResult | null;
};

/** What is seen of a rollout at one moment. */
export type Observation = {
  /** What the target says of the candidate: `ready` only when it does what is wanted at this generation. */
  readonly canary:
    | { readonly kind: "ready" }
    | { readonly kind: "waiting"; readonly reason: string }
    | { readonly kind: "failed"; readonly reason: string };
  /** Name of a revision that was made to serve instead of the one that the rollout began beside; null: that one serves. */
  readonly overtakenBy: string | null;
  /** Requests of this stage that count and that the candidate got. */
  readonly samples: number;
  readonly guards: readonly GuardReading[];
};

export type Progress = {
  readonly samples: number;
  readonly samplesNeeded: number;
  readonly seconds: number;
  readonly secondsNeeded: number;
};

/** What is wanted of the target in a stage. */
export type CanaryShare = { readonly percent: number; readonly shadow: boolean };

export type NextStep =
  | { readonly kind: "stay"; readonly reason: string; readonly progress: Progress }
  /** The target does what the stage asks: its time and its samples count from now on. */
  | { readonly kind: "begin" }
  | { readonly kind: "advance"; readonly state: "shadow" | "stepping"; readonly step: number }
  | { readonly kind: "complete" }
  /** `guard`: null where the target or the golden set is the reason. */
  | { readonly kind: "roll_back"; readonly guard: string | null; readonly reason: string }
  /** Something else serves: there is nothing to take over from any more. */
  | { readonly kind: "overtaken"; readonly reason: string };

/** What the target is to do in a stage. Nobody's request reaches a candidate that is only checked or shadowed. */
export function shareOf({ state, plan, step }: Pick<Rollout, "state" | "plan" | "step">): CanaryShare {
  if (state === "stepping") return { percent: plan.steps[step]?.percent ?? 0, shadow: false };
  return { percent: 0, shadow: state === "shadow" };
}

/** What a stage needs before the next: the shadow takes the measure of the first step. */
export function neededOf({ plan, step, extraSeconds, extraSamples, state }: Rollout): {
  readonly seconds: number;
  readonly samples: number;
} {
  if (state === "checking") return { seconds: 0, samples: 0 };
  const { minSeconds = 0, minSamples = 0 } = plan.steps[step] ?? {};
  return { seconds: minSeconds + extraSeconds, samples: minSamples + extraSamples };
}

/** How far a stage is at `now` (milliseconds since 1970). */
export function progressOf(rollout: Rollout, samples: number, now: number): Progress {
  const { seconds: secondsNeeded, samples: samplesNeeded } = neededOf(rollout);
  const seconds = rollout.stageSince === null ? 0 : Math.max(0, (now - rollout.stageSince) / 1000);
  return { samples, samplesNeeded, seconds, secondsNeeded };
}

/**
 * What a rollout does next. Back before anything else; then a person's pause; then, step by step, only with everything there: the target
 * does what is asked, time and samples are reached, and every guard has data and holds.
 */
export function nextStep(rollout: Rollout, seen: Observation, now: number): NextStep {
  const progress = progressOf(rollout, seen.samples, now);
  const stay = (reason: string): NextStep => ({ kind: "stay", reason, progress });
  if (!OPEN_ROLLOUT_STATES.includes(rollout.state)) return stay(`it is ${rollout.state.replace("_", " ")}`);
  const back = stepBack(rollout, seen);
  if (back) return back;
  if (seen.canary.kind === "waiting") return stay(seen.canary.reason);
  if (rollout.state !== "checking" && rollout.stageSince === null) return { kind: "begin" };
  if (rollout.paused) return stay("paused by a person: it may go back, but not forward");
  return waitsFor(rollout, seen, progress, stay) ?? forward(rollout);
}

function stepBack({ golden }: Rollout, { overtakenBy, canary, guards }: Observation): NextStep | null {
  if (overtakenBy !== null) return { kind: "overtaken", reason: `${overtakenBy} was made to serve meanwhile.` };
  if (canary.kind === "failed") return { kind: "roll_back", guard: null, reason: canary.reason };
  if (golden && !golden.passed) return { kind: "roll_back", guard: null, reason: golden.words };
  const broken = guards.find(({ state }) => state === "broken");
  return broken ? { kind: "roll_back", guard: broken.id, reason: broken.words } : null;
}

type Stay = (reason: string) => NextStep;

function waitsFor({ state, golden }: Rollout, seen: Observation, progress: Progress, stay: Stay): NextStep | null {
  if (state === "checking") return golden === null ? stay("the golden set has not been answered yet") : null;
  const { samples, samplesNeeded, seconds, secondsNeeded } = progress;
  if (samples < samplesNeeded) return stay(`${samples} of ${samplesNeeded} samples`);
  if (seconds < secondsNeeded) return stay(`${Math.floor(seconds)} of ${secondsNeeded} s`);
  const without = seen.guards.find((guard) => guard.required && guard.state === "no_data");
  if (without) return stay(`no data for ${without.label}`);
  const doubtful = seen.guards.find((guard) => guard.state === "doubtful");
  if (doubtful) return stay(`${doubtful.label} is beyond its limit, which may be chance: more samples will tell`);
  // Without any guard nothing would ever be proven.
  return seen.guards.length === 0 ? stay("nothing is measured yet") : null;
}

function forward({ state, plan, step }: Rollout): NextStep {
  if (state === "checking") return { kind: "advance", state: plan.shadow ? "shadow" : "stepping", step: 0 };
  if (state === "shadow") return { kind: "advance", state: "stepping", step: 0 };
  const next = step + 1;
  return next < plan.steps.length ? { kind: "advance", state: "stepping", step: next } : { kind: "complete" };
}
