import { z } from "zod";
import { hardware } from "@/lib/serving/load-curve";

/**
 * The evidence of a drill: a copy of a version, under a contract, was broken on purpose while traffic ran, and what its callers got is
 * held against what the contract declares. Times are milliseconds after the start of the drill unless they are dates (UTC).
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

export const FAULTS = ["kill", "hang", "slow", "wrong", "overload"] as const;
/** `kill`: the process dies; `hang`: the model never answers; `slow`: it answers after the deadline; `wrong`: it fails, or answers with no number. */
export const fault = z.enum(FAULTS);
export type Fault = z.output<typeof fault>;

/** Answers by what gave them; `refused`: 429 or 503 within the protocol; `failed`: 5xx, past the deadline, or a broken connection. */
export const drillCounts = z.strictObject({
  sent: z.int().min(0),
  model: z.int().min(0),
  fallback: z.int().min(0),
  secondary: z.int().min(0),
  refused: z.int().min(0),
  failed: z.int().min(0),
});
export type DrillCounts = z.output<typeof drillCounts>;

export const faultReport = z.strictObject({
  fault,
  /** What the contract says happens, in words. */
  declared: z.string(),
  /** What happened, in words. */
  seen: z.string(),
  passed: z.boolean(),
  times: z.strictObject({
    injectedAt: z.number().min(0),
    /** From the injection to the first answer of the declared kind that was not the model's own; null: there was none. */
    firstStandInMs: z.number().min(0).nullable(),
    /** From the end of the fault to the first answer of the model; null: it did not come back while it was watched. */
    recoveredMs: z.number().min(0).nullable(),
  }),
  counts: drillCounts,
});
export type FaultReport = z.output<typeof faultReport>;

export const drillReport = z.strictObject({
  versionDigest: sha256,
  /** Null: a draft. */
  contractDigest: sha256.nullable(),
  /** SHA-256 of what the failure mode depends on (drilled-part.ts). */
  failureModeDigest: sha256,
  hardware,
  faults: z.array(faultReport).min(1).max(20),
  passed: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type DrillReport = z.output<typeof drillReport>;
