import { z } from "zod";

/**
 * The evidence of a load test: latency against offered load, open loop. Latency counts from the moment at which a request was due, so a
 * server that stalls cannot hide behind a client that waits. Units are in the names; times are ISO 8601 in UTC.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

/** What it ran on: a curve says nothing of another machine. */
export const hardware = z.strictObject({
  cpu: z.string(),
  cores: z.int().min(1),
  memoryBytes: z.int().min(0),
  os: z.string(),
});
export type Hardware = z.output<typeof hardware>;

export const loadStep = z.strictObject({
  /** Requests per second that were due. */
  offeredPerSecond: z.number().positive(),
  /** Answers of the model per second, refused and failed ones not among them. */
  achievedPerSecond: z.number().min(0),
  /** 0: a report that does not say. */
  seconds: z.number().min(0),
  /** Requests that were due. 0: a report that does not say. */
  n: z.int().min(0),
  /** Answers that were no model's: 5xx, broken connections, fallbacks. */
  errors: z.int().min(0),
  /** Past the deadline, or never answered. */
  timeouts: z.int().min(0),
  /** 429 and queue full. */
  rejected: z.int().min(0),
  /**
   * Of every request that was not refused, failed ones among them (a request never answered counts until the step was over); null: not
   * one. `High`: upper end of the 95 % interval by order statistics; null: too few for one, or a report. `max` of a report without one is
   * its p99.
   */
  latencyMs: z
    .strictObject({
      p50: z.number().min(0),
      p95: z.number().min(0),
      p99: z.number().min(0),
      p95High: z.number().min(0).nullable(),
      p99High: z.number().min(0).nullable(),
      max: z.number().min(0),
    })
    .nullable(),
  /** Processor seconds of the serving process for a thousand requests; null: not known. */
  cpuSecondsPer1000: z.number().min(0).nullable(),
  /** Requests that left the generator more than two milliseconds after they were due: their lateness is in their latency. */
  lateSends: z.int().min(0),
});
export type LoadStep = z.output<typeof loadStep>;

export const loadCurve = z.strictObject({
  /** `measured`: by the portal itself, on a copy of its own; `attested`: read from a report that somebody handed in. */
  kind: z.enum(["measured", "attested"]),
  /** For example `proviso`, `k6`, `perf_analyzer`. */
  tool: z.string().min(1).max(100),
  /** The evidence run; of an attested curve, what its report calls itself. */
  runId: z.string().min(1).max(200),
  target: z.enum(["local", "kubernetes"]),
  tier: z.enum(["cpu", "gpu", "edge"]),
  /** Null: an attested curve that does not say. */
  hardware: hardware.nullable(),
  /** SHA-256 of the version's manifest. */
  versionDigest: sha256,
  /** The contract whose settings it ran under; null: a draft, or none. */
  contractDigest: sha256.nullable(),
  settings: z.strictObject({
    batching: z.strictObject({ maxRows: z.int().min(1), maxDelayMs: z.number().min(0) }).nullable(),
    queueRows: z.int().min(1).nullable(),
    threadMode: z.enum(["inline", "thread"]).nullable(),
  }),
  rowsPerRequest: z.int().min(1),
  /** By offered load, ascending. */
  steps: z.array(loadStep).min(1).max(100),
  /** The highest rate that held, and why the next one did not; null: every step held. */
  knee: z.strictObject({ perSecond: z.number().min(0), reason: z.string() }).nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
export type LoadCurve = z.output<typeof loadCurve>;
