import { z } from "zod";
import { text } from "@/lib/text";
import { goldenResult, guardReading, rolloutState } from "./rollout";

export const rolloutKey = z.object({ id: z.uuid() });

const reason = text({ min: 1, max: 1000, missing: "say why: it goes into the audit log" });

export const stopRolloutInput = rolloutKey.extend({ reason });
export const pauseRolloutInput = rolloutKey.extend({ reason });
export const resumeRolloutInput = rolloutKey.extend({ reason: text({ max: 1000 }).optional() });

/** What is added to the stage that it is in: a longer look, never a shorter one. */
export const extendRolloutInput = rolloutKey
  .extend({
    reason,
    seconds: z.coerce
      .number()
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(0),
    samples: z.coerce.number().int().min(0).max(100_000_000).default(0),
  })
  .refine(({ seconds, samples }) => seconds + samples > 0, {
    error: "say how many seconds or samples more",
    path: ["seconds"],
  });

/** What a person who held a rollout is told. */
export const heldRollout = z.object({
  id: z.uuid(),
  endpoint: z.string(),
  paused: z.boolean(),
  /** Added to the stage that it is in, all together. */
  extraSeconds: z.number().int(),
  extraSamples: z.number().int(),
});

export const pauseAllInput = z.object({ reason });

/** What a round of the worker saw of a rollout, as it is stored. */
export const seenRollout = z.object({
  samples: z.number().int(),
  incumbentSamples: z.number().int(),
  /** What it waits for, in words. */
  waitsFor: z.string(),
  guards: z.array(guardReading),
});
export type SeenRollout = z.output<typeof seenRollout>;

export const EVENT_KINDS = [
  "started",
  "golden",
  "advanced",
  "paused",
  "resumed",
  "extended",
  "completed",
  "rolled_back",
  "stopped",
] as const;
export const eventKind = z.enum(EVENT_KINDS);
export type EventKind = z.output<typeof eventKind>;

const takingPart = z.object({
  revision: z.string(),
  model: z.string(),
  version: z.number().int(),
  contract: z.number().int(),
});

/** Golden set, shadow (where the plan has one), each step, and serving alone. */
export const rolloutStage = z.object({
  state: z.enum(["checking", "shadow", "stepping", "completed"]),
  /** Index among the steps; null: no step of the plan. */
  step: z.number().int().nullable(),
  label: z.string(),
  percent: z.number(),
  /** `ended`: it was in this stage when it was stopped or rolled back. */
  progress: z.enum(["done", "current", "ended", "ahead"]),
  samples: z.number().int().nullable(),
  samplesNeeded: z.number().int(),
  seconds: z.number().nullable(),
  secondsNeeded: z.number().int(),
  /** When it was left. */
  leftAt: z.iso.datetime().nullable(),
});
export type RolloutStage = z.output<typeof rolloutStage>;

export const rolloutEvent = z.object({
  at: z.iso.datetime(),
  kind: eventKind,
  /** Stage and share when it happened. */
  state: rolloutState,
  step: z.number().int(),
  percent: z.number(),
  samples: z.number().int(),
  guards: z.array(guardReading),
  reason: z.string(),
  actor: z.string(),
});
export type RolloutEventView = z.output<typeof rolloutEvent>;

/** Whether rollouts go forward at all. */
export const rolloutSwitch = z.object({
  paused: z.boolean(),
  reason: z.string().nullable(),
  by: z.string().nullable(),
  at: z.iso.datetime(),
});
export type RolloutSwitchView = z.output<typeof rolloutSwitch>;

export const rolloutSummary = z.object({
  id: z.uuid(),
  endpoint: z.string(),
  useCase: z.object({ slug: z.string(), name: z.string() }),
  promotion: z.number().int(),
  candidate: takingPart,
  incumbent: takingPart,
  state: rolloutState,
  /** What the candidate is to answer now, in per cent. */
  percent: z.number(),
  /** By a person; `pausedByAll`: all of them are. */
  paused: z.boolean(),
  pausedByAll: z.boolean(),
  samples: z.number().int(),
  samplesNeeded: z.number().int(),
  seconds: z.number(),
  secondsNeeded: z.number().int(),
  /** What it waits for now, in words; null: it ended. */
  waitsFor: z.string().nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** Why it ended, and who ended it: an account, or the process `rollouts`. */
  reason: z.string().nullable(),
  endedBy: z.string().nullable(),
});
export type RolloutSummary = z.output<typeof rolloutSummary>;

export const rollout = rolloutSummary.extend({
  stages: z.array(rolloutStage),
  golden: goldenResult.nullable(),
  /** As last seen; of an ended rollout: what ended it. */
  guards: z.array(guardReading),
  incumbentSamples: z.number().int(),
  seenAt: z.iso.datetime().nullable(),
  /** Clauses that are judged only once it serves, and why. */
  unguarded: z.array(z.object({ clause: z.string(), why: z.string() })),
  /** The newest first. */
  events: z.array(rolloutEvent),
  switch: rolloutSwitch,
});
export type RolloutView = z.output<typeof rollout>;

export const endpointRollout = z.object({
  endpoint: z.string(),
  /** The newest rollout of the endpoint, open or ended; null: there was none. */
  rollout: rollout.nullable(),
});

export const rolloutList = z.object({ switch: rolloutSwitch, items: z.array(rolloutSummary) });
