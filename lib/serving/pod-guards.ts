import { by, type Json, type Manifest } from "@/lib/serving/manifest";
import type { ManifestInput } from "@/lib/serving/manifest-input";
import { ENDPOINT_LABEL, endpointMetadata, REVISION_LABEL, revisionMetadata } from "@/lib/serving/manifest-metadata";
import { rulesOf } from "@/lib/serving/spec-values";
import { type Served, TRITON_PORTS } from "@/lib/serving/triton-runtime";

/** Port of a mesh's tunnel between nodes (HBONE of Istio's ambient mode). */
const TUNNEL_PORT = 15_008;

/** Where availability is promised, no drain of a node takes the last replica; broken ones do not stand in its way. */
export function disruptionBudget(served: Served): Manifest | null {
  const [availability] = rulesOf(served.spec, "success_ratio");
  if (!availability) return null;
  const { id } = availability;
  return {
    apiVersion: by(id, "policy/v1"),
    kind: by(id, "PodDisruptionBudget"),
    metadata: revisionMetadata(served, id),
    spec: by(id, {
      minAvailable: 1,
      selector: { matchLabels: { [REVISION_LABEL]: served.identity.revision } },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    }),
  };
}

/**
 * Requests enter through the gateway, where tokens are checked and limits are kept, and by no other way; Prometheus reads metrics.
 * Proxies of Envoy Gateway carry its name, in whatever namespace they run.
 */
export function networkPolicy(input: ManifestInput): Manifest {
  const { endpoint, cluster } = input;
  const { gateway, mesh } = cluster;
  const anywhere = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }] };
  const requestPorts = [TRITON_PORTS.http, TRITON_PORTS.grpc, ...(mesh === "istio" ? [TUNNEL_PORT] : [])];
  const fromGateway = gateway && {
    from: [
      {
        namespaceSelector: anywhere,
        podSelector: {
          matchLabels: {
            "gateway.envoyproxy.io/owning-gateway-name": gateway.name,
            "gateway.envoyproxy.io/owning-gateway-namespace": gateway.namespace,
          },
        },
      },
    ],
    ports: requestPorts.map((port) => ({ port, protocol: "TCP" })),
  };
  const fromPrometheus = {
    from: [{ namespaceSelector: anywhere, podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } }],
    ports: [{ port: TRITON_PORTS.metrics, protocol: "TCP" }],
  };
  const ingress: Json[] = fromGateway ? [fromGateway, fromPrometheus] : [fromPrometheus];
  return {
    apiVersion: by("serving", "networking.k8s.io/v1"),
    kind: by("serving", "NetworkPolicy"),
    metadata: endpointMetadata(input, "serving"),
    spec: by("serving", {
      podSelector: { matchLabels: { [ENDPOINT_LABEL]: endpoint } },
      policyTypes: ["Ingress"],
      ingress,
    }),
  };
}
