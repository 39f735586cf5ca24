import { z } from "zod";
import { pageInput } from "@/lib/page";
import { goldenRow } from "@/lib/registry/golden-row";
import { datasetPin, evaluation, modelSchema, versionFile } from "@/lib/registry/model-schema";
import { text } from "@/lib/text";

export const VERSION_STATES = ["pending", "ready", "failed"] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** Larger than any ONNX file can be (a protobuf message ends at 2 GiB). */
const MAX_ARTIFACT_BYTES = 4 * 2 ** 30;

export const modelName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/, "lower-case letters, digits, dots, dashes, underscores");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
export const versionNumber = z.coerce.number().int("a version is a whole number").min(1).max(2_147_483_647);

/** Of a version's weights: what one precision loses in quality and gains in speed has to be measured, so each is a version of its own. */
export const precision = z.enum(["fp32", "fp16", "int8"]);
export type Precision = z.output<typeof precision>;

const manifestFields = {
  files: z.array(versionFile).min(1).max(20),
  schema: modelSchema,
  evaluation,
  dataset: datasetPin,
  codeRevision: text({ min: 1, max: 200, missing: "the commit the model was trained from" }),
  /** Absent: not said. */
  precision: precision.optional(),
  /** Number of the version, of the same model, that this one is another precision of. */
  variantOf: versionNumber.optional(),
};

/** A version as CI hands it in: its blobs are in the artifact store already. */
export const registerVersionInput = z
  .strictObject({ name: modelName, ...manifestFields })
  .refine((input) => input.files.filter((file) => file.role === "model").length === 1, {
    error: "name exactly one file with the role model",
    path: ["files"],
  })
  .refine((input) => input.files.filter((file) => file.role === "reference_sample").length === 1, {
    error: "name exactly one file with the role reference_sample",
    path: ["files"],
  })
  .refine((input) => input.files.filter((file) => file.role === "evaluation_sample").length <= 1, {
    error: "name at most one file with the role evaluation_sample",
    path: ["files"],
  })
  .refine((input) => new Set(input.files.map((file) => file.path)).size === input.files.length, {
    error: "every file needs a name of its own",
    path: ["files"],
  })
  .refine((input) => input.variantOf === undefined || input.precision !== undefined, {
    error: "say the precision of a variant",
    path: ["precision"],
  });
export type Manifest = Omit<z.output<typeof registerVersionInput>, "name">;

export const storeArtifactInput = z.object({
  sha256,
  size: z
    .int("send Content-Length")
    .min(0)
    .max(MAX_ARTIFACT_BYTES, `an artifact has at most ${MAX_ARTIFACT_BYTES} bytes`),
  body: z.custom<AsyncIterable<Uint8Array>>((value) => typeof value === "object" && value !== null, "send the bytes"),
});
/** `created` is false when the bytes were here already. */
export const storedArtifact = z.object({ sha256, created: z.boolean() });
export const artifactInput = z.object({ sha256 });

const tensorFound = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.union([z.int(), z.string()])),
});

/** An operator of the graph and how many nodes have it; the domain is empty for the standard ones. */
const operatorCount = z.object({ domain: z.string(), type: z.string(), count: z.int().positive() });

/** What the child process found when it opened the model and the reference sample. */
export const verification = z.object({
  model: z.object({
    irVersion: z.int(),
    producer: z.string(),
    opsets: z.array(z.object({ domain: z.string(), version: z.int() })),
    /** Absent: verified before operators were counted. */
    operators: z.array(operatorCount).optional(),
    inputs: z.array(tensorFound),
    outputs: z.array(tensorFound),
    /** Outputs whose every value for the row was a finite number in [0, 1]. */
    probabilities: z.array(z.string()).min(1),
    runtime: z.string(),
    /** Rows of the reference sample with the model's answers; absent: verified before they were kept. */
    golden: z.array(goldenRow).optional(),
  }),
  sample: z.object({
    rows: z.int().positive(),
    columns: z.array(z.string()),
    eventTime: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }),
  }),
});
export type Verification = z.output<typeof verification>;

export const modelVersion = z.object({
  model: modelName,
  number: z.int(),
  state: z.enum(VERSION_STATES),
  stateReason: z.string().nullable(),
  digest: sha256,
  files: z.array(versionFile),
  schema: modelSchema,
  evaluation,
  dataset: datasetPin,
  codeRevision: z.string(),
  /** Null: not said. */
  precision: precision.nullable(),
  verification: verification.nullable(),
  registeredBy: z.string(),
  createdAt: z.iso.datetime(),
  verifiedAt: z.iso.datetime().nullable(),
});
export type ModelVersion = z.output<typeof modelVersion>;

/** `created` is false when the same content was registered before: the answer is that version. */
export const registeredVersion = modelVersion.extend({ created: z.boolean() });

export const serving = z.object({
  endpoint: z.string(),
  environment: z.string(),
  useCase: z.string(),
  revision: z.string(),
  number: z.int(),
  /** `serving` answers requests, `warm` is kept loaded to go back to, `past` did before. */
  role: z.enum(["serving", "warm", "past"]),
  since: z.iso.datetime().nullable(),
});
export type Serving = z.output<typeof serving>;

const variant = z.object({ number: z.int(), precision: precision.nullable(), state: z.enum(VERSION_STATES) });

export const modelVersionDetail = modelVersion.extend({
  /** The version that it is another precision of. */
  parent: variant.nullable(),
  /** Versions that are another precision of it. */
  variants: z.array(variant),
  serves: z.array(serving),
  evidence: z.array(
    z.object({ kind: z.string(), digest: sha256, recordedBy: z.string(), recordedAt: z.iso.datetime() }),
  ),
});
export type ModelVersionDetail = z.output<typeof modelVersionDetail>;

export const versionSummary = z.object({
  number: z.int(),
  state: z.enum(VERSION_STATES),
  stateReason: z.string().nullable(),
  digest: sha256,
  metrics: evaluation.shape.metrics,
  codeRevision: z.string(),
  precision: precision.nullable(),
  variantOf: z.int().nullable(),
  registeredBy: z.string(),
  createdAt: z.iso.datetime(),
  serves: z.array(z.string()),
});
export type VersionSummary = z.output<typeof versionSummary>;

export const model = z.object({
  name: modelName,
  description: z.string(),
  versions: z.int(),
  latest: versionSummary.nullable(),
  /** Endpoints that answer with one of its versions. */
  serves: z.array(z.object({ endpoint: z.string(), version: z.int() })),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type Model = z.output<typeof model>;

export const listModelsInput = pageInput.extend({
  /** Part of the name. */
  q: text({ max: 100 }).optional(),
});
export const getModelInput = z.object({ name: modelName });
export const listVersionsInput = pageInput.extend({
  name: modelName,
  state: z.enum(VERSION_STATES).or(z.literal("")).optional(),
});
export const getVersionInput = z.object({ name: modelName, version: versionNumber });
