import type { ContractDocument } from "@/lib/contracts/document";
import type { ModelSchema } from "@/lib/registry/model-schema";

type Interface = Pick<ContractDocument["interface"], "features" | "featureTime">;

/**
 * One row that an endpoint accepts (Open Inference Protocol, JSON): each number at the lower end of its range in the contract, 0
 * where it has none. `now`: milliseconds since 1970. Null when the model does not take one tensor of 32-bit numbers.
 */
export function exampleRequest(
  { features, featureTime }: Interface,
  { inputs }: Pick<ModelSchema, "inputs">,
  now: number,
) {
  const [input] = inputs;
  if (!input || inputs.length !== 1 || input.datatype !== "FP32") return null;
  return {
    inputs: [
      {
        name: input.name,
        datatype: "FP32",
        shape: [1, features.length],
        data: features.map(({ min }) => min ?? 0),
      },
    ],
    ...(featureTime === "required" && { parameters: { event_time: now, feature_time: now } }),
  };
}
