import { NO_FAILURE_MODE } from "@/lib/contracts/failure-words";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { by, type Part, Stated } from "@/lib/serving/manifest";
import type { ManifestIdentity } from "@/lib/serving/manifest-input";
import type { ServingSpec } from "@/lib/serving/schema";
import { failureModeOf } from "@/lib/serving/spec-failure";
import { placementOf } from "@/lib/serving/spec-placement";
import { numberAt, textAt, valueAt } from "@/lib/serving/spec-values";

type ModelTensor = ModelSchema["inputs"][number];

/** Processors of a replica of the tier cpu: one instance of the model on each. */
export const CPU_INSTANCES = 2;

/** On a whole GPU one instance computes while another copies; a partition or a shared GPU has no room for that. */
const WHOLE_GPU_INSTANCES = 2;

const TYPES: Readonly<Record<ModelTensor["datatype"], string>> = {
  FP32: "TYPE_FP32",
  FP64: "TYPE_FP64",
  INT64: "TYPE_INT64",
  INT32: "TYPE_INT32",
  BOOL: "TYPE_BOOL",
  BYTES: "TYPE_STRING",
};

type Subject = {
  /** Name of the model in the Open Inference Protocol. */
  readonly endpoint: string;
  readonly spec: ServingSpec;
  readonly identity: Pick<ManifestIdentity, "modelVersion" | "schema">;
  /** Name of the ONNX file in the folder of its version. */
  readonly modelFile: string;
};

/**
 * Triton's configuration of a model: batches as the contract signs them, a queue that refuses instead of growing old, warm-up before the
 * first request (the model is not ready until it is over), and a histogram with every signed latency as an edge. Every tensor begins
 * with the batch. Throws `RangeError` for a specification that was not compiled.
 */
export function tritonConfig({ endpoint, spec, identity, modelFile }: Subject): Part {
  const { inputs, outputs } = identity.schema;
  return {
    name: by("identity", endpoint),
    backend: by("identity", "onnxruntime"),
    default_model_filename: by("identity", modelFile),
    version_policy: by("identity", { specific: { versions: [Number(identity.modelVersion)] } }),
    max_batch_size: by("serving", numberAt(spec, "limits.maxRows")),
    input: inputs.map(tensor),
    output: outputs.map(tensor),
    instance_group: [instances(spec)],
    dynamic_batching: batching(spec),
    model_warmup: warmUps(spec, inputs),
    model_metrics: {
      metric_control: [
        {
          metric_identifier: by("serving", { family: "nv_inference_first_response_histogram_ms" }),
          histogram_options: { buckets: bounds(spec) },
        },
      ],
    },
  };
}

/** Without the dimension of the batch; a tensor of one dimension is a column of one number. */
function dimsOf({ shape }: ModelTensor): readonly number[] {
  return shape.length > 1 ? shape.slice(1) : [1];
}

function tensor(each: ModelTensor): Part {
  const { name, datatype, shape } = each;
  const reshape = shape.length > 1 ? undefined : { reshape: {} };
  return { ...(by("identity", { name, data_type: TYPES[datatype], dims: dimsOf(each) }) as object), ...reshape };
}

function instances(spec: ServingSpec): Part {
  if (textAt(spec, "placement.tier") !== "gpu") return by("serving", { kind: "KIND_CPU", count: CPU_INSTANCES });
  const whole = placementOf(spec).gpu?.kind === "whole";
  return by("serving", { kind: "KIND_GPU", count: whole ? WHOLE_GPU_INSTANCES : 1 });
}

/** What waits already is always one batch; the delay and its size are signed. A request that is past its deadline is refused, not computed. */
function batching(spec: ServingSpec): Part {
  const failure = failureModeOf(spec);
  const deadlineMs = valueAt(spec, "limits.deadlineMs");
  const { maxRows, maxDelayMs } = failure?.batching ?? {};
  const size = maxRows && Math.min(maxRows, numberAt(spec, "limits.maxRows"));
  return {
    preferred_batch_size: size ? [by("failureMode", size)] : undefined,
    max_queue_delay_microseconds: maxDelayMs === undefined ? undefined : by("failureMode", microseconds(maxDelayMs)),
    default_queue_policy: {
      timeout_action: by("serving", "REJECT"),
      default_timeout_microseconds:
        typeof deadlineMs === "number" ? by("serving", microseconds(deadlineMs)) : undefined,
      allow_timeout_override: by("serving", true),
      // Triton counts requests: each has a row at least, so no more rows of single-row callers wait than are signed.
      max_queue_size: failure ? by("failureMode", failure.queueRows) : by("serving", NO_FAILURE_MODE.queueRows),
    },
  };
}

const microseconds = (ms: number) => Math.max(1, Math.round(ms * 1000));

/** One row, and the largest request. */
function warmUps(spec: ServingSpec, inputs: readonly ModelTensor[]): Part {
  const sizes = [...new Set([1, numberAt(spec, "limits.maxRows")])];
  return sizes.map((size) => ({
    name: by("serving", `rows-${size}`),
    batch_size: by("serving", size),
    count: by("serving", 5),
    inputs: inputs.map((each) => by("identity", warmUpInput(each))),
  }));
}

function warmUpInput(each: ModelTensor) {
  // A free dimension is warmed up with one element.
  const dims = dimsOf(each).map((size) => Math.max(1, size));
  return { key: each.name, value: { data_type: TYPES[each.datatype], dims, zero_data: true } };
}

/** Edges of the histogram in milliseconds, ascending: each once, a signed one under its clause. */
function bounds({ leaves }: ServingSpec): Part {
  const stated = leaves
    .filter(({ path }) => path.startsWith("latency.boundsMs."))
    .flatMap(({ clause, value }) => [value].flat().map((edge) => ({ edge: Number(edge), clause })));
  const signed = stated.filter(({ clause }) => clause !== "serving");
  const edges = new Map<number, string>();
  for (const { edge, clause } of [...signed, ...stated]) if (!edges.has(edge)) edges.set(edge, clause);
  return [...edges].sort(([a], [b]) => a - b).map(([edge, clause]) => new Stated(edge, clause));
}
