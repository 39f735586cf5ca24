import type { Capabilities } from "@/lib/serving/schema";

/** The runtime of the one-machine set-up: ONNX Runtime on the processor, measured at its own gateway. */
export const LOCAL_CAPABILITIES: Capabilities = {
  target: "local",
  tiers: ["cpu"],
  probes: ["gateway", "ground_truth", "request_metadata", "synthetic", "prediction_log", "drill"],
  maxRows: 4096,
  datatypes: ["FP32"],
};
