import type { RevisionConfig } from "@/lib/inference/desired-state";
import type { ModelSchema } from "@/lib/registry/model-schema";
import type { ServingSpec, SpecLeaf } from "@/lib/serving/schema";

/** What a revision is, beside what it was compiled to. */
export type RevisionIdentity = {
  /** `<endpoint>-r<number>` */
  readonly revision: string;
  /** What the Open Inference Protocol calls the model's version. */
  readonly modelVersion: string;
  readonly contractDigest: string;
  /** SHA-256 of the ONNX file. */
  readonly modelDigest: string;
  readonly schema: Pick<ModelSchema, "inputs" | "outputs">;
};

/** The most bounds that the runtime's histogram takes. */
const MAX_BOUNDS = 40;

/** What the local runtime is told about a revision. Throws `RangeError` for a specification that lacks a value: it was not compiled. */
export function toRevisionConfig(spec: ServingSpec, identity: RevisionIdentity): RevisionConfig {
  const { revision, modelVersion, contractDigest, modelDigest, schema } = identity;
  return {
    revision,
    modelVersion,
    contractDigest,
    model: modelDigest,
    inputs: schema.inputs,
    outputs: schema.outputs,
    score: {
      output: textAt(spec, "interface.output.name"),
      index: numberAt(spec, "interface.output.index"),
      threshold: numberAt(spec, "interface.output.threshold"),
    },
    featureTime: textAt(spec, "interface.featureTime") === "required" ? "required" : "none",
    ceiling: ceilingOf(spec),
    deadlineMs: valueAt(spec, "limits.deadlineMs") === null ? null : numberAt(spec, "limits.deadlineMs"),
    maxRows: numberAt(spec, "limits.maxRows"),
    latencyBoundsMs: boundsOf(spec),
  };
}

function ceilingOf(spec: ServingSpec): RevisionConfig["ceiling"] {
  if (!spec.leaves.some(({ path }) => path === "limits.ceiling.requestsPerSecond")) return null;
  return {
    requestsPerSecond: numberAt(spec, "limits.ceiling.requestsPerSecond"),
    burst: numberAt(spec, "limits.ceiling.burst"),
  };
}

/** Every signed target is a bound; the usual ones fill what room is left. */
function boundsOf({ leaves }: ServingSpec): number[] {
  const at = leaves.filter(({ path }) => path.startsWith("latency.boundsMs."));
  const numbers = (of: readonly SpecLeaf[]) =>
    of.flatMap(({ value }) => (Array.isArray(value) ? value : [value])).filter((each) => typeof each === "number");
  const signed = [...new Set(numbers(at.filter(({ clause }) => clause !== "serving")))];
  const usual = numbers(at.filter(({ clause }) => clause === "serving")).filter((each) => !signed.includes(each));
  return [...signed, ...usual].slice(0, MAX_BOUNDS).sort((a, b) => a - b);
}

function valueAt({ leaves }: ServingSpec, path: string): SpecLeaf["value"] {
  const leaf = leaves.find((each) => each.path === path);
  if (!leaf) throw new RangeError(`the specification has no ${path}`);
  return leaf.value;
}

function numberAt(spec: ServingSpec, path: string): number {
  const value = valueAt(spec, path);
  if (typeof value !== "number") throw new RangeError(`${path} of the specification is no number`);
  return value;
}

function textAt(spec: ServingSpec, path: string): string {
  const value = valueAt(spec, path);
  if (typeof value !== "string") throw new RangeError(`${path} of the specification is no text`);
  return value;
}
