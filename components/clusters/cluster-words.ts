import type { ClauseStateName } from "@/components/ui/clause-state";
import type { ClusterSummary } from "@/lib/deployments/cluster-view";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";

export const ADD_COMMAND = "npx proviso cluster add NAME --namespace NAMESPACE --kubeconfig FILE";

export function clusterLook(state: ClusterSummary["state"]): { state: ClauseStateName; word: string } {
  if (state === "ready") return { state: "met", word: "Ready" };
  return state === "problem"
    ? { state: "breached", word: "Problem" }
    : { state: "unproven", word: "Not looked at yet" };
}

export type Finding = {
  readonly name: string;
  /** What was found; null: it is missing. */
  readonly found: string | null;
  /** What it is for. */
  readonly for: string;
  /** What would help; null: nothing is missing. */
  readonly fix: string | null;
};

/** What a cluster offers and lacks, in the order of what serving needs most. */
export function findingsOf(capabilities: ClusterCapabilities): readonly Finding[] {
  const { kserve, gateway, images, mesh, prometheusUrl } = capabilities;
  const one = (name: string, found: string | null, why: string, fix: string): Finding => ({
    ...{ name, found, for: why },
    fix: found === null ? fix : null,
  });
  const there = (is: boolean) => (is ? "found" : null);
  return [
    one("KServe", kserve?.version ?? null, "runs the models", "Install KServe 0.16 or later, in Standard mode."),
    one(
      "Image of Triton",
      images.triton,
      "serves ONNX models",
      "Name one by its digest in the settings of this cluster.",
    ),
    one(
      "Gateway API",
      there(capabilities.gatewayApi),
      "routes requests by weight",
      "Install the Gateway API's definitions.",
    ),
    one(
      "Envoy Gateway",
      there(capabilities.envoyGateway),
      "limits, tokens, fallback, measuring",
      "Install Envoy Gateway 1.9 or later.",
    ),
    one(
      "Gateway",
      gateway && `${gateway.namespace}/${gateway.name}`,
      "where requests enter",
      "Choose one in the settings of this cluster.",
    ),
    one(
      "Backend objects",
      there(capabilities.backends === true),
      "a stand-in where a model fails",
      "Set extensionApis.enableBackend of Envoy Gateway, then say so in the settings.",
    ),
    one(
      "KEDA",
      there(capabilities.keda),
      "scales with the queue",
      "Install KEDA 2.20 or later; without it the number of replicas is fixed.",
    ),
    one(
      "Prometheus operator",
      there(capabilities.prometheusOperator),
      "alerts beside the portal's own",
      "Install the Prometheus operator.",
    ),
    one(
      "Prometheus",
      prometheusUrl,
      "tells KEDA how long the queue is",
      "Name its address in the settings of this cluster.",
    ),
    one("Mesh", mesh, "mutual TLS to the models", "Install Istio or Linkerd, if a contract asks for mutual TLS."),
    one(
      "Image volumes",
      there(capabilities.imageVolumes),
      "models as images, without a download",
      "Kubernetes 1.35 or later.",
    ),
  ];
}
