import type { BaselineConfig, FailureConfig, FeatureConfig, RevisionConfig } from "@/lib/inference/desired-state";
import type { ModelSchema } from "@/lib/registry/model-schema";
import type { ServingSpec, SpecLeaf } from "@/lib/serving/schema";
import { failureModeOf } from "@/lib/serving/spec-failure";
import { numberAt, speaksOf, textAt, valueAt } from "@/lib/serving/spec-values";

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
  /** The frozen reference that its rows are counted in; null or absent: rows are not binned. */
  readonly baseline?: BaselineConfig | null;
};

/** The most bounds that the runtime's histogram takes. */
const MAX_BOUNDS = 40;

/**
 * What the local runtime is told about a revision. What the contract does not speak of is left out, so that a contract of before
 * gives the configuration of before. Throws `RangeError` for a specification that lacks a value: it was not compiled.
 */
export function toRevisionConfig(spec: ServingSpec, identity: RevisionIdentity): RevisionConfig {
  const { revision, modelVersion, contractDigest, modelDigest, schema, baseline } = identity;
  const [failure, stale, features] = [failureOf(spec), staleOf(spec), featuresOf(spec)];
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
    ...(failure && { failure }),
    ...(stale && { stale }),
    ...(features && { features }),
    ...(baseline && { baseline }),
  };
}

/** In milliseconds, as the runtime counts. */
function failureOf(spec: ServingSpec): FailureConfig | null {
  const stated = failureModeOf(spec);
  if (!stated) return null;
  const { fallback, breaker, ...same } = stated;
  if (!breaker) return { ...same, fallbackScore: fallback?.score ?? null, breaker };
  const { windowSeconds, openSeconds, ...limits } = breaker;
  return {
    ...same,
    fallbackScore: fallback?.score ?? null,
    breaker: { ...limits, windowMs: windowSeconds * 1000, openMs: openSeconds * 1000 },
  };
}

function staleOf(spec: ServingSpec): RevisionConfig["stale"] {
  if (!speaksOf(spec, "stale")) return null;
  const action = textAt(spec, "stale.action") === "fallback" ? "fallback" : "flag";
  return { afterMs: numberAt(spec, "stale.afterMs"), action };
}

/** The declared columns, where the contract wants rows to be checked against them. */
function featuresOf(spec: ServingSpec): FeatureConfig[] | null {
  const names = speaksOf(spec, "interface.feature") ? valueAt(spec, "interface.features") : null;
  if (!Array.isArray(names)) return null;
  return names.map((name) => {
    const at = `interface.feature.${name}`;
    const end = (field: string) =>
      spec.leaves.some(({ path }) => path === `${at}.${field}`) ? numberAt(spec, `${at}.${field}`) : null;
    return {
      name: `${name}`,
      type: typeAt(spec, `${at}.type`),
      min: end("min"),
      max: end("max"),
      missing: textAt(spec, `${at}.missing`) === "allowed" ? "allowed" : "refused",
    };
  });
}

function typeAt(spec: ServingSpec, path: string): FeatureConfig["type"] {
  const value = textAt(spec, path);
  if (value === "number" || value === "integer" || value === "category") return value;
  throw new RangeError(`${path} of the specification is no type of a feature: ${value}`);
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
