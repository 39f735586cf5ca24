import { draftFrom } from "@/lib/contracts/archetypes";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";

/** A contract with all six numbers, free of contradictions: where tests begin. */
export function exampleDocument(): ContractDocument {
  return contractDocument.parse(
    draftFrom("real-time-decision", {
      purpose: "Rebook connections before the delayed flight lands",
      interface: {
        task: "binary_classification",
        features: [
          { name: "hour", type: "integer", min: 0, max: 23 },
          { name: "distance", type: "number", min: 0 },
        ],
        featureTime: "required",
        output: { name: "probabilities", index: 1, threshold: 0.5 },
      },
      numbers: { latencyMsP95: 10, latencyMsP99: 25 },
    }),
  );
}
