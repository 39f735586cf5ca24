import { z } from "zod";
import { slice } from "@/lib/contracts/document";
import { text } from "@/lib/text";

/** `model.json` of a version: its input and output tensors, and the names of the feature columns. */
export const modelTensor = z.strictObject({
  name: text({ min: 1, max: 200 }),
  datatype: z.enum(["FP32", "FP64", "INT64", "INT32", "BOOL", "BYTES"]),
  /** -1 stands for the batch. */
  shape: z.array(z.int().min(-1)).min(1).max(4),
  features: z
    .array(text({ min: 1, max: 200 }))
    .max(10_000)
    .optional(),
});
export const modelSchema = z.strictObject({
  inputs: z.array(modelTensor).min(1),
  outputs: z.array(modelTensor).min(1),
});
export type ModelSchema = z.output<typeof modelSchema>;

/** Evaluation report: what was measured, on how many rows, of which dataset and time. */
export const evaluation = z.strictObject({
  metrics: z
    .array(
      z.strictObject({
        metric: text({ min: 1, max: 60 }),
        value: z.number(),
        low: z.number().optional(),
        high: z.number().optional(),
        n: z.int().positive(),
        /** Of these rows alone; absent: of all. */
        slice: slice.optional(),
      }),
    )
    .min(1),
  dataset: text({ min: 1, max: 500 }),
  window: z.strictObject({ from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) }),
});
export type Evaluation = z.output<typeof evaluation>;

/** The training data, pinned. */
export const datasetPin = z.strictObject({
  kind: text({ min: 1, max: 60 }),
  uri: text({ min: 1, max: 1000 }),
  version: text({ min: 1, max: 200 }),
  digest: text({ min: 1, max: 200 }),
});

export const versionFile = z.strictObject({
  /** Plain relative name, no folders above. */
  path: z.string().regex(/^[A-Za-z0-9][\w.-]{0,120}$/, "a plain file name"),
  /** `evaluation_sample`, optional: labelled rows that no training has seen (every feature, `label` 0 or 1, `event_time`). */
  role: z.enum(["model", "reference_sample", "evaluation_sample"]),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
});
export type VersionFile = z.output<typeof versionFile>;
