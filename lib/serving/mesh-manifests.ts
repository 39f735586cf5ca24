import { by, type Json, type Manifest, type Part } from "@/lib/serving/manifest";
import type { ManifestInput } from "@/lib/serving/manifest-input";
import { ENDPOINT_LABEL, endpointMetadata } from "@/lib/serving/manifest-metadata";

/** Ports of Triton: requests, and the figures that a Prometheus outside of the mesh reads. */
const HTTP_PORT = 8080;
const METRICS_PORT = 8002;

const cluster = (value: Json): Part => by("cluster", value);

/**
 * Only who shows an identity of the mesh (a SPIFFE certificate) may connect to a model. The model's server speaks plain HTTP, so it is
 * the mesh that encrypts; without one there is nothing to write.
 */
export function meshManifests(input: ManifestInput): Manifest[] {
  if (input.cluster.mesh === "istio") return [peerAuthentication(input)];
  return input.cluster.mesh === "linkerd" ? linkerdManifests(input) : [];
}

function peerAuthentication(input: ManifestInput): Manifest {
  return {
    apiVersion: cluster("security.istio.io/v1"),
    kind: cluster("PeerAuthentication"),
    metadata: endpointMetadata(input, "cluster"),
    spec: cluster({
      selector: { matchLabels: { [ENDPOINT_LABEL]: input.endpoint } },
      mtls: { mode: "STRICT" },
      portLevelMtls: { [METRICS_PORT]: { mode: "PERMISSIVE" } },
    }),
  };
}

/** A `Server` refuses everyone whom no policy lets in; the policy lets in whoever has an identity. */
function linkerdManifests(input: ManifestInput): Manifest[] {
  const { endpoint } = input;
  const group = "policy.linkerd.io";
  const metadata = endpointMetadata(input, "cluster");
  return [
    {
      apiVersion: cluster(`${group}/v1beta1`),
      kind: cluster("Server"),
      metadata,
      spec: cluster({
        podSelector: { matchLabels: { [ENDPOINT_LABEL]: endpoint } },
        port: HTTP_PORT,
        proxyProtocol: "HTTP/1",
      }),
    },
    {
      apiVersion: cluster(`${group}/v1alpha1`),
      kind: cluster("MeshTLSAuthentication"),
      metadata,
      spec: cluster({ identities: ["*"] }),
    },
    {
      apiVersion: cluster(`${group}/v1alpha1`),
      kind: cluster("AuthorizationPolicy"),
      metadata,
      spec: cluster({
        targetRef: { group, kind: "Server", name: endpoint },
        requiredAuthenticationRefs: [{ group, kind: "MeshTLSAuthentication", name: endpoint }],
      }),
    },
  ];
}
