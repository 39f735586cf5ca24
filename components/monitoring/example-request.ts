import type { ContractInterface } from "@/lib/contracts/document";
import { probeBody } from "@/lib/monitoring/probe-body";
import type { ModelSchema } from "@/lib/registry/model-schema";

type Interface = Pick<ContractInterface, "features" | "featureTime">;

/**
 * One row that an endpoint accepts: what its probe sends, with times only where the contract requires them. `now`: milliseconds since
 * 1970. Null when the model does not take one tensor of 32-bit numbers.
 */
export function exampleRequest(shape: Interface, schema: Pick<ModelSchema, "inputs">, now: number) {
  const [input] = schema.inputs;
  if (!input || schema.inputs.length !== 1 || input.datatype !== "FP32") return null;
  const { inputs, parameters } = probeBody(schema, shape, now);
  return { inputs, ...(shape.featureTime === "required" && { parameters }) };
}
