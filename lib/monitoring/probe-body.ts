import type { ContractInterface } from "@/lib/contracts/document";
import type { ModelSchema } from "@/lib/registry/model-schema";

/** A request of the Open Inference Protocol for one row in the middle of what the contract's interface allows; `now` in milliseconds. */
export function probeBody(
  { inputs }: Pick<ModelSchema, "inputs">,
  shape: Pick<ContractInterface, "features">,
  now: number,
) {
  const values = new Map(shape.features.map((feature) => [feature.name, middle(feature)]));
  return {
    // The time is its event time too: a probe is about now.
    parameters: { event_time: now, feature_time: now },
    inputs: inputs.map(({ name, datatype, features = [name] }) => ({
      name,
      datatype,
      shape: [1, features.length],
      data: features.map((feature) => values.get(feature) ?? 0),
    })),
  };
}

function middle({ type, min, max }: ContractInterface["features"][number]): number {
  const value = min !== undefined && max !== undefined ? (min + max) / 2 : (min ?? max ?? 0);
  return type === "integer" ? Math.floor(value) : value;
}
