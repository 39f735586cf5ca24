import { z } from "zod";
import { text } from "@/lib/text";

/**
 * The contract document: what is promised, in typed clauses. Canonicalised by RFC 8785 and digested, it is what people sign.
 * Units are in the clause: milliseconds, requests per second, ratios in [0, 1], seconds.
 */

const featureName = text({ min: 1, max: 100, missing: "name the feature" });

export const feature = z
  .strictObject({
    name: featureName,
    type: z.enum(["number", "integer", "category"]),
    min: z.number().optional(),
    max: z.number().optional(),
    categories: z
      .array(text({ max: 200 }))
      .max(250)
      .optional(),
    /** Whether a request may leave it out (null); refused unless said otherwise. */
    missing: z.enum(["refused", "allowed"]).optional(),
    /** It follows the calendar (hour, weekday, month): its drift is tested over whole weeks only. */
    calendar: z.boolean().optional(),
    description: text({ max: 500 }).optional(),
  })
  .refine((f) => f.min === undefined || f.max === undefined || f.min <= f.max, {
    error: "the smallest value is above the largest",
    path: ["min"],
  });
export type Feature = z.output<typeof feature>;

export const contractInterface = z.strictObject({
  task: z.enum(["binary_classification"]),
  /** In the order of the model's input columns. */
  features: z.array(feature).min(1, "name at least one feature").max(2000),
  /** Whether every request says when its features were computed (parameter `feature_time`): what a freshness clause measures. */
  featureTime: z.enum(["required", "none"]),
  output: z.strictObject({
    /** Name of the model's output tensor that holds the probability of the positive class. */
    name: text({ min: 1, max: 200, missing: "name the output tensor" }),
    /** Column of that tensor. */
    index: z.int().min(0).max(1000),
    /** From this probability on the decision is "yes". */
    threshold: z.number().min(0).max(1),
  }),
});
export type ContractInterface = z.output<typeof contractInterface>;

export const CLAUSE_KINDS = [
  "latency",
  "throughput",
  "quality",
  "availability",
  "freshness",
  "drift",
  "failure_mode",
] as const;
export const METRICS = {
  latency: ["p95", "p99"],
  throughput: ["ceiling"],
  quality: [
    "auc",
    "calibration_error",
    "log_loss",
    "accuracy",
    "f1",
    "brier",
    "rmse",
    "mae",
    "label_coverage",
    "label_delay_p95",
  ],
  availability: ["success_ratio"],
  freshness: ["feature_age_p99"],
  drift: [
    "drifted_features",
    "prediction_drift",
    "missing_ratio",
    "unseen_ratio",
    "out_of_range_ratio",
    "type_change_ratio",
  ],
  failure_mode: ["drill_age"],
} as const;

export const metric = z.enum([
  ...METRICS.latency,
  ...METRICS.throughput,
  ...METRICS.quality,
  ...METRICS.availability,
  ...METRICS.freshness,
  ...METRICS.drift,
  ...METRICS.failure_mode,
]);
export type Metric = z.output<typeof metric>;

/** The rows of one slice: a range of a number, half-open, or some categories (or values of an integer). */
export const slice = z.strictObject({
  feature: featureName,
  from: z.number().optional(),
  to: z.number().optional(),
  values: z
    .array(z.union([z.number(), text({ max: 200 })]))
    .min(1)
    .max(100)
    .optional(),
});
export type Slice = z.output<typeof slice>;

/** How a drift clause decides that a feature has left its limit: the test says changed, the effect says how much. */
export const driftTest = z.strictObject({
  /** `learned`: max(floor, factor x the largest weekly effect inside the reference period), per feature; or given, per feature. */
  limits: z.union([z.literal("learned"), z.record(featureName, z.number().positive().max(1))]),
  /** No limit is below it. Effect: the largest distance of two distribution functions (numbers), total variation (categories). */
  floor: z.number().positive().max(1),
  factor: z.number().min(1).max(10),
  /** Level of the two-sample tests over all features together. */
  alpha: z.number().positive().max(0.5),
  correction: z.enum(["benjamini_hochberg", "bonferroni"]),
});
export type DriftTest = z.output<typeof driftTest>;

export const clause = z.strictObject({
  /** Stable over amendments, for example `latency_p99`. */
  id: z.string().regex(/^[a-z][a-z0-9_]{1,60}$/, "lower-case letters, digits and underscores"),
  kind: z.enum(CLAUSE_KINDS),
  metric,
  /** `at_most`: values above the target are worse. */
  direction: z.enum(["at_most", "at_least"]),
  unit: z.enum(["ms", "requests/s", "ratio", "s", "nats", "features"]),
  target: z.number(),
  /** Between this and the target the clause is at risk; on the good side of the target. */
  atRisk: z.number(),
  /** Which requests count, by their number of rows (both ends included). */
  population: z.strictObject({ minRows: z.int().min(1), maxRows: z.int().min(1) }),
  /** Seconds of the clause's clock. */
  windowSeconds: z
    .int()
    .min(60)
    .max(90 * 86_400),
  clock: z.enum(["wall", "event"]),
  /** Seconds after its event until a row's label counts as due; 0 where no label is needed. */
  labelDelaySeconds: z
    .int()
    .min(0)
    .max(90 * 86_400),
  /** Seconds of the clause's clock between two evaluations that count. */
  cadenceSeconds: z
    .int()
    .min(1)
    .max(7 * 86_400),
  /** So many evaluations in a row on the wrong side make a breach. */
  consecutive: z.int().min(1).max(30),
  minSamples: z.int().min(1).max(100_000_000),
  /** Where it is measured; a probe that the serving target lacks cannot be signed. */
  probe: z.enum(["gateway", "ground_truth", "request_metadata", "synthetic", "prediction_log", "drill", "none"]),
  /** Who answers for it. */
  owner: z.enum(["scientist", "owner", "sre", "governance"]),
  /** Quality only: of these rows alone. */
  slice: slice.optional(),
  /** Drift only; absent: limits learned, floor .05, factor 1.25, alpha .05, Benjamini-Hochberg. */
  drift: driftTest.optional(),
  /** Availability only: what an answer of the fallback or the previous revision counts as; absent: a failure. */
  fallbacks: z.enum(["failure", "answer"]).optional(),
  /** Freshness only: what happens to a row whose features are older than the target; absent: it is answered. */
  onStale: z.enum(["answer", "flag", "fallback"]).optional(),
});
export type Clause = z.output<typeof clause>;
export type ClauseKind = Clause["kind"];

/** What stands in for the model: `error` answers with one, `fallback` with the fixed response, `previous_revision` asks the warm one. */
const standIn = z.enum(["error", "fallback", "previous_revision"]);
export type StandIn = z.output<typeof standIn>;

/** What callers get when the model cannot answer. Every part is drilled on a copy before a promotion. */
export const failureMode = z.strictObject({
  /** The model fails, or answers with a value that is no number. */
  onError: standIn,
  /** The deadline passes. */
  onTimeout: standIn,
  /** The queue is full, or the circuit breaker is open. */
  onOverload: standIn,
  /** The fixed response: the probability that every row gets, flagged as a fallback. */
  fallback: z.strictObject({ score: z.number().min(0).max(1) }).nullable(),
  /** Stops asking the model for a while when too many of the last requests failed or were slow. */
  breaker: z
    .strictObject({
      errorRatio: z.number().positive().max(1),
      slowMs: z.number().positive().max(600_000),
      slowRatio: z.number().positive().max(1),
      minRequests: z.int().min(1).max(100_000),
      windowSeconds: z.number().positive().max(3600),
      openSeconds: z.number().positive().max(3600),
    })
    .nullable(),
  /** Rows that may wait for the model; more is overload. */
  queueRows: z.int().min(1).max(100_000),
  /** Token bucket of each client; beyond it 429. */
  perClient: z.strictObject({ requestsPerSecond: z.number().positive(), burst: z.int().min(1) }).nullable(),
  /** Requests that arrive within the delay run as one batch; null: only what waits already. */
  batching: z.strictObject({ maxRows: z.int().min(1).max(4096), maxDelayMs: z.number().min(0).max(1000) }).nullable(),
});
export type FailureMode = z.output<typeof failureMode>;

/** How much of a GPU one replica gets. */
const gpuShape = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("whole"), count: z.int().min(1).max(16) }),
  /** A partition with memory and faults of its own, in the device plugin's spelling: `1g.10gb`, `1g.10gb.me`. */
  z.strictObject({
    kind: z.literal("mig"),
    profile: z.string().regex(/^[1-7]g\.[0-9]{1,3}gb(\.me)?$/, "a MIG profile, for example 1g.10gb"),
  }),
  /** Shared in time with strangers: no latency can be promised on it, unless the signers accept that here. */
  z.strictObject({ kind: z.literal("time_sliced"), accepted: z.boolean() }),
]);
export type GpuShape = z.output<typeof gpuShape>;

/** What a cluster is asked for. */
export const placement = z
  .strictObject({
    replicas: z.strictObject({ min: z.int().min(1).max(100), max: z.int().min(1).max(1000) }),
    /** Zones that the replicas are spread over. */
    zones: z.int().min(1).max(10),
    /** Tier gpu only; null: none. */
    gpu: gpuShape.nullable(),
  })
  .refine(({ replicas }) => replicas.min <= replicas.max, {
    error: "the smallest number of replicas is above the largest",
    path: ["replicas", "min"],
  });
export type Placement = z.output<typeof placement>;

/** How a new revision takes over from the one that serves. Absent: at once. */
export const rolloutPlan = z
  .strictObject({
    /** First it gets a copy of the requests, and its answers go to nobody. */
    shadow: z.boolean(),
    /** Share of the requests in per cent, rising; after the last step it gets all of them. */
    steps: z
      .array(
        z.strictObject({
          percent: z.int().min(1).max(99),
          minSeconds: z
            .int()
            .min(1)
            .max(7 * 86_400),
          /** Answers of the new revision to requests that count. */
          minSamples: z.int().min(1).max(100_000_000),
        }),
      )
      .min(1, "a rollout has at least one step")
      .max(10),
    /** Guards beside the clauses: how much worse than the serving revision it may be. */
    comparison: z.strictObject({
      /** Most that the share of requests slower than the signed latency may be above that of the serving revision. */
      slowShare: z.number().positive().max(1),
      /** The same of requests that the model did not answer. */
      failedShare: z.number().positive().max(1),
      /** Largest distance of the distribution functions of the predictions. */
      predictionShift: z.number().positive().max(1),
    }),
  })
  .refine(({ steps }) => steps.every(({ percent }, i) => i === 0 || percent > (steps[i - 1]?.percent ?? 0)), {
    error: "each step has a larger share than the one before",
    path: ["steps"],
  });
export type RolloutPlan = z.output<typeof rolloutPlan>;

export const contractDocument = z.strictObject({
  version: z.literal(1),
  purpose: text({ min: 10, max: 2000, missing: "say in a sentence what the predictions are used for" }),
  interface: contractInterface,
  clauses: z.array(clause).min(1, "a contract has at least one clause").max(50),
  serving: z.strictObject({
    target: z.enum(["local", "kubernetes"]),
    tier: z.enum(["cpu", "gpu", "edge"]),
    /** Rows per request, at most. */
    maxRows: z.int().min(1).max(4096),
    /** Milliseconds after which the caller gets an error instead of an answer; null: no deadline. */
    deadlineMs: z.number().positive().max(600_000).nullable(),
    /** Target kubernetes only; absent: one to three replicas in one zone, without a GPU. */
    placement: placement.optional(),
  }),
  /** Absent: every failure is an error, 4096 rows may wait, no breaker, no bucket per client, no delay for batches. */
  failureMode: failureMode.optional(),
  rollout: rolloutPlan.optional(),
});
export type ContractDocument = z.output<typeof contractDocument>;
