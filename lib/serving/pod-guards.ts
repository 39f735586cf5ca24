import { by, type Manifest, type Part } from "@/lib/serving/manifest";
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
  return {
    apiVersion: by("serving", "networking.k8s.io/v1"),
    kind: by("serving", "NetworkPolicy"),
    metadata: endpointMetadata(input, "serving"),
    spec: {
      podSelector: by("serving", { matchLabels: { [ENDPOINT_LABEL]: input.endpoint } }),
      policyTypes: by("serving", ["Ingress"]),
      ingress: [...fromGateway(input.cluster), fromPrometheus()],
    },
  };
}

/** Every namespace: an empty selector would say the same without saying it. */
const ANYWHERE = { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }] };

const portOf = (clause: string, port: number): Part => by(clause, { port, protocol: "TCP" });

function fromGateway({ gateway, mesh }: ManifestInput["cluster"]): Part[] {
  if (!gateway) return [];
  const matchLabels = {
    "gateway.envoyproxy.io/owning-gateway-name": gateway.name,
    "gateway.envoyproxy.io/owning-gateway-namespace": gateway.namespace,
  };
  return [
    {
      from: [{ namespaceSelector: by("serving", ANYWHERE), podSelector: { matchLabels: by("cluster", matchLabels) } }],
      ports: [
        portOf("serving", TRITON_PORTS.http),
        portOf("serving", TRITON_PORTS.grpc),
        ...(mesh === "istio" ? [portOf("cluster", TUNNEL_PORT)] : []),
      ],
    },
  ];
}

function fromPrometheus(): Part {
  const podSelector = { matchLabels: { "app.kubernetes.io/name": "prometheus" } };
  return {
    from: [by("serving", { namespaceSelector: ANYWHERE, podSelector })],
    ports: [portOf("serving", TRITON_PORTS.metrics)],
  };
}
