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

export const CLAUSE_KINDS = ["latency", "throughput", "quality", "availability", "freshness"] as const;
export const METRICS = {
  latency: ["p95", "p99"],
  throughput: ["ceiling"],
  quality: ["auc", "calibration_error", "log_loss", "accuracy"],
  availability: ["success_ratio"],
  freshness: ["feature_age_p99"],
} as const;

export const metric = z.enum([
  "p95",
  "p99",
  "ceiling",
  "auc",
  "calibration_error",
  "log_loss",
  "accuracy",
  "success_ratio",
  "feature_age_p99",
]);
export type Metric = z.output<typeof metric>;

export const clause = z.strictObject({
  /** Stable over amendments, for example `latency_p99`. */
  id: z.string().regex(/^[a-z][a-z0-9_]{1,60}$/, "lower-case letters, digits and underscores"),
  kind: z.enum(CLAUSE_KINDS),
  metric,
  /** `at_most`: values above the target are worse. */
  direction: z.enum(["at_most", "at_least"]),
  unit: z.enum(["ms", "requests/s", "ratio", "s", "nats"]),
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
  probe: z.enum(["gateway", "ground_truth", "request_metadata", "synthetic", "none"]),
  /** Who answers for it. */
  owner: z.enum(["scientist", "owner", "sre", "governance"]),
});
export type Clause = z.output<typeof clause>;
export type ClauseKind = Clause["kind"];

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
  }),
});
export type ContractDocument = z.output<typeof contractDocument>;
