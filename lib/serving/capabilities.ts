import type { ContractDocument } from "@/lib/contracts/document";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import type { Capabilities } from "@/lib/serving/schema";

/** The runtime of the one-machine set-up: ONNX Runtime on the processor, measured at its own gateway. */
export const LOCAL_CAPABILITIES: Capabilities = {
  target: "local",
  tiers: ["cpu"],
  probes: ["gateway", "ground_truth", "request_metadata", "synthetic", "prediction_log", "drill"],
  maxRows: 4096,
  datatypes: ["FP32"],
};

/** Read from rows that KServe's payload logger hands on. */
const ROW_PROBES = ["ground_truth", "request_metadata", "prediction_log"] as const;
/** Read from what Envoy Gateway writes of each request. */
const REQUEST_PROBES = ["gateway", "synthetic"] as const;

/** What at least one of these clusters offers. Evidence and drills are made on a copy on this machine, so its tensors are the limit. */
export function kubernetesCapabilities(clusters: readonly ClusterCapabilities[]): Capabilities {
  const hasGpu = clusters.some(({ gpuResources }) => gpuResources.some(({ allocatable }) => allocatable > 0));
  const hasGateway = clusters.some(({ gatewayApi, envoyGateway }) => gatewayApi && envoyGateway);
  const hasKServe = clusters.some(({ kserve }) => kserve !== null);
  return {
    target: "kubernetes",
    tiers: hasGpu ? ["cpu", "gpu"] : ["cpu"],
    probes: [...(hasGateway ? REQUEST_PROBES : []), ...(hasKServe ? ROW_PROBES : []), "drill"],
    maxRows: LOCAL_CAPABILITIES.maxRows,
    datatypes: LOCAL_CAPABILITIES.datatypes,
  };
}

/**
 * What the target of a contract offers. `clusters`: those that it may run on, or the one of its endpoint; without any there is the
 * local target alone, and a contract for another is told so.
 */
export function capabilitiesFor(
  target: ContractDocument["serving"]["target"],
  clusters: readonly ClusterCapabilities[],
): Capabilities {
  return target === "kubernetes" && clusters.length > 0 ? kubernetesCapabilities(clusters) : LOCAL_CAPABILITIES;
}
