import { z } from "zod";

/**
 * What the worker tells a runtime host: for each endpoint the revisions to hold, and a generation that only grows.
 * The host keeps the last accepted state on disk and refuses a lower generation, so a stalled worker cannot undo a rollback.
 */

const name = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, "lower-case letters, digits and dashes");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

export const tensor = z.strictObject({
  name: z.string().min(1).max(200),
  datatype: z.string().min(1).max(20),
  /** -1 stands for the batch. */
  shape: z.array(z.number().int().min(-1)).min(1).max(4),
  /** Names of the columns of the last axis, in order; absent on outputs that are not per feature. */
  features: z.array(z.string().min(1).max(200)).max(10_000).optional(),
});

const standIn = z.enum(["error", "fallback", "previous_revision"]);

/** What answers when the model cannot (lib/contracts/document.ts: failureMode, in milliseconds). */
export const failureConfig = z.strictObject({
  onError: standIn,
  onTimeout: standIn,
  onOverload: standIn,
  /** Probability of the positive class that every row of a fallback answer gets. */
  fallbackScore: z.number().min(0).max(1).nullable(),
  breaker: z
    .strictObject({
      errorRatio: z.number().positive().max(1),
      slowMs: z.number().positive(),
      slowRatio: z.number().positive().max(1),
      minRequests: z.number().int().positive(),
      windowMs: z.number().positive(),
      openMs: z.number().positive(),
    })
    .nullable(),
  queueRows: z.number().int().positive(),
  perClient: z.strictObject({ requestsPerSecond: z.number().positive(), burst: z.number().positive() }).nullable(),
  batching: z.strictObject({ maxRows: z.number().int().positive(), maxDelayMs: z.number().min(0) }).nullable(),
});
export type FailureConfig = z.output<typeof failureConfig>;

/** A column of the input as the contract declares it: what a row is checked against and binned by. */
export const featureConfig = z.strictObject({
  name: z.string().min(1).max(200),
  type: z.enum(["number", "integer", "category"]),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Whether null is taken as a missing value (NaN) or refused. */
  missing: z.enum(["refused", "allowed"]),
});
export type FeatureConfig = z.output<typeof featureConfig>;

/**
 * The frozen reference bins that rows are counted in. Bin of a value = number of edges below it; `exact`: the edges are all known values,
 * and any other value is unseen. Scores first, then the features in order.
 */
export const baselineConfig = z.strictObject({
  /** Number of the baseline (PostgreSQL: baseline.id). */
  id: z.number().int().positive(),
  columns: z.array(z.strictObject({ edges: z.array(z.number()).max(253), exact: z.boolean() })).max(2001),
});
export type BaselineConfig = z.output<typeof baselineConfig>;

export const revisionConfig = z.strictObject({
  /** Name of the revision, for example `flight-delays-r3`. */
  revision: name,
  /** What the Open Inference Protocol calls the model's version. */
  modelVersion: z.string().min(1).max(100),
  contractDigest: sha256,
  /** SHA-256 of the ONNX file; the host finds it in the artifact store by digest and verifies it before loading. */
  model: sha256,
  inputs: z.array(tensor).min(1),
  outputs: z.array(tensor).min(1),
  /** Where the score of a row is, and from which value on the decision is 1. */
  score: z.strictObject({ output: z.string(), index: z.number().int().min(0), threshold: z.number() }),
  featureTime: z.enum(["required", "none"]),
  /** Beyond it 429 with Retry-After. Requests per second over the whole endpoint; burst in requests. */
  ceiling: z.strictObject({ requestsPerSecond: z.number().positive(), burst: z.number().positive() }).nullable(),
  /** Milliseconds from the head of the request until the answer must be written; later it is a timeout (504). */
  deadlineMs: z.number().positive().nullable(),
  maxRows: z.number().int().positive(),
  /** Upper bounds of the latency histogram in milliseconds, ascending; every signed latency target is one of them. */
  latencyBoundsMs: z.array(z.number().positive()).max(40),
  /** Absent in a state that an older portal wrote: every failure is an error. */
  failure: failureConfig.optional(),
  /** What happens to a row whose features are older than this; null: nothing. */
  stale: z.strictObject({ afterMs: z.number().positive(), action: z.enum(["flag", "fallback"]) }).nullish(),
  /** In the order of the input's columns; absent: rows are not checked against the contract. */
  features: z.array(featureConfig).max(10_000).optional(),
  /** Null: rows are not binned. */
  baseline: baselineConfig.nullish(),
});
export type RevisionConfig = z.output<typeof revisionConfig>;

export const endpointConfig = z.strictObject({
  name,
  generation: z.number().int().nonnegative(),
  /** `wall`: event time defaults to receive time. `supplied`: rows without event time stay out of event windows, and are counted. */
  clock: z.enum(["wall", "supplied"]),
  serving: revisionConfig.nullable(),
  /** The previous revision, loaded and idle, so that going back takes no load time. */
  warm: revisionConfig.nullable(),
  /** A revision on its way to serving; null: none is. */
  canary: z
    .strictObject({
      revision: revisionConfig,
      /** Share of the requests that it answers, in per cent. */
      percent: z.number().min(0).max(100),
      /** It gets a copy of the requests that it does not answer; what it says to them goes to nobody. */
      shadow: z.boolean(),
    })
    .nullish(),
  auth: z.strictObject({
    issuer: z.string().min(1),
    audience: z.string().min(1),
    /** Public keys (JSON Web Key Set) that may sign tokens: RS256 or ES256. */
    jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1) }),
  }),
});
export type EndpointConfig = z.output<typeof endpointConfig>;

/** An endpoint that is to go away; the generation stays on record. */
export const removedEndpoint = z.strictObject({
  name,
  generation: z.number().int().nonnegative(),
  removed: z.literal(true),
});

/** Body of `PUT /v1/state` on the host's admin interface. Endpoints that it does not name are left as they are. */
export const desiredState = z.strictObject({
  endpoints: z.array(z.union([removedEndpoint, endpointConfig])).max(1000),
});
export type DesiredState = z.output<typeof desiredState>;

/** Answer of `PUT /v1/state`, one entry per endpoint. `stale`: a higher generation is held; nothing was changed. */
export const applied = z.strictObject({
  endpoints: z.array(
    z.strictObject({ name, result: z.enum(["accepted", "unchanged", "stale"]), generation: z.number().int() }),
  ),
});
export type Applied = z.output<typeof applied>;

/** One condition of an answer. Those after the first that has not passed are `unknown`. */
export const readinessCheck = z.strictObject({
  stage: z.enum(["quota", "scheduling", "image", "storage", "digest", "load", "warm_up", "route"]),
  state: z.enum(["passed", "waiting", "failed", "unknown"]),
  /** What was seen, in words for a person. */
  reason: z.string().nullable(),
  /** What would help; null where nothing is wrong. */
  fix: z.string().nullable(),
  /** The object and its event or condition that says so, for example `Pod fraud-r3-predictor-x: FailedScheduling`. */
  source: z.string().nullable(),
  /** Since when, milliseconds since 1970; null: not known. */
  since: z.number().int().nullable(),
});
export type ReadinessCheck = z.output<typeof readinessCheck>;

export const endpointStatus = z.strictObject({
  name,
  generation: z.number().int(),
  state: z.enum(["starting", "ready", "failed", "stopped"]),
  /** Why it is not ready, or why a revision was refused, in words for a person. */
  reason: z.string().nullable(),
  /** Base URL of the Open Inference Protocol server, once it listens. */
  url: z.string().nullable(),
  pid: z.number().int().nullable(),
  /** Name of the revision that answers, and of the one kept warm. */
  serving: z.string().nullable(),
  warm: z.string().nullable(),
  /** A revision of this generation that could not be loaded or crashed the process; the one before it serves on. */
  refused: z.strictObject({ revision: z.string(), reason: z.string() }).nullable(),
  /** The revision on its way to serving; null: there is none. `failed`: it gets no request. */
  canary: z
    .strictObject({
      revision: z.string(),
      state: z.enum(["loading", "ready", "failed"]),
      reason: z.string().nullable(),
      /** What it gets now: 0 while it is not ready. */
      percent: z.number(),
      shadow: z.boolean(),
    })
    .nullish(),
  /** What has to be so before it answers, in order, with what stands in the way: a target that can tell gives it. */
  readiness: z.array(readinessCheck).nullish(),
  restarts: z.number().int(),
  mode: z.enum(["inline", "thread"]).nullable(),
  /** Events that were not kept because the spool was full; clauses over that time cannot be proven. */
  eventsDropped: z.number().int(),
  /** Bytes on disk that are not shipped yet. */
  spoolBytes: z.number().int(),
  /** State of the serving revision's circuit breaker; null: it has none. */
  breaker: z.enum(["closed", "open", "half_open"]).nullish(),
  /** Someone on the host went back to the warm revision while the portal was away; kept until the portal wants this generation itself. */
  rolledBack: z
    .strictObject({
      from: z.string(),
      to: z.string(),
      /** Milliseconds since 1970. */
      at: z.number().int(),
      /** Account on the host, as it named itself. */
      by: z.string().min(1).max(200),
      reason: z.string().min(1).max(1000),
      /** The generation that the host gave it. */
      generation: z.number().int(),
    })
    .nullish(),
});
export type EndpointStatus = z.output<typeof endpointStatus>;

/** Answer of `GET /v1/status`. */
export const hostStatus = z.strictObject({
  endpoints: z.array(endpointStatus),
  shipper: z.strictObject({
    ok: z.boolean(),
    reason: z.string().nullable(),
    pid: z.number().int().nullable(),
  }),
});
export type HostStatus = z.output<typeof hostStatus>;
