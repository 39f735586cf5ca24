import type { RevisionIdentity } from "@/lib/serving/local-target";
import type { ServingSpec } from "@/lib/serving/schema";
import { numberAt, textAt } from "@/lib/serving/spec-values";

type Answered = Pick<RevisionIdentity, "modelVersion" | "schema">;

/**
 * The fixed response of an endpoint for one row in the words of the Open Inference Protocol, as the local runtime gives it: the score at
 * its place, the rest of the probability spread over the other columns, flagged as a fallback with its cause. It has no `id`, because a
 * gateway does not read the request. Throws `RangeError` where the model has no such output.
 */
export function fallbackAnswer(
  endpoint: string,
  spec: ServingSpec,
  { modelVersion, schema }: Answered,
  { score, reason }: { readonly score: number; readonly reason: "error" | "timeout" | "overload" },
): string {
  const name = textAt(spec, "interface.output.name");
  const index = numberAt(spec, "interface.output.index");
  const output = schema.outputs.find((each) => each.name === name);
  if (!output) throw new RangeError(`the model has no output ${name}`);
  const width = output.shape.length === 1 ? null : (output.shape[1] ?? 1);
  const others = (1 - score) / ((width ?? 1) - 1);
  // Single precision, as the tensor is.
  const data = Float32Array.from({ length: width ?? 1 }, (_, k) => (k === index ? score : others));
  const answer = {
    model_name: endpoint,
    model_version: modelVersion,
    parameters: { fallback: true, reason },
    outputs: [{ name, datatype: "FP32", shape: width === null ? [1] : [1, width], data: [...data] }],
  };
  return JSON.stringify(answer);
}
