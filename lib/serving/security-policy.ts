import { by, type Manifest, type Part, Stated } from "@/lib/serving/manifest";
import { endpointMetadata } from "@/lib/serving/manifest-metadata";
import { CLIENT_HEADER, routeRef, type Traffic } from "@/lib/serving/traffic-parts";

const PROVIDER = "callers";

/** Who may ask: the holder of a token of the issuer that is meant for this endpoint, and nobody else. */
export function securityPolicy(traffic: Traffic): Manifest {
  const { endpoint, jwt } = traffic;
  return {
    apiVersion: new Stated("gateway.envoyproxy.io/v1alpha1", "serving"),
    kind: new Stated("SecurityPolicy", "serving"),
    metadata: endpointMetadata(traffic, "serving"),
    spec: {
      targetRefs: routeRef(traffic, "serving"),
      jwt: {
        providers: [
          {
            name: new Stated(PROVIDER, "serving"),
            issuer: new Stated(jwt.issuer, "cluster"),
            audiences: [new Stated(endpoint, "identity")],
            ...keysOf(jwt.jwks),
            claimToHeaders: [by("serving", { claim: "sub", header: CLIENT_HEADER })],
          },
        ],
      },
      authorization: {
        defaultAction: new Stated("Deny", "serving"),
        rules: [
          {
            action: new Stated("Allow", "serving"),
            principal: {
              jwt: {
                provider: new Stated(PROVIDER, "serving"),
                claims: [{ name: new Stated("iss", "serving"), values: [new Stated(jwt.issuer, "cluster")] }],
              },
            },
          },
        ],
      },
    },
  };
}

/** By address the gateway sees a new key by itself; as it is, a new key is a new manifest. */
function keysOf(jwks: Traffic["jwt"]["jwks"]): { readonly [key: string]: Part } {
  return "uri" in jwks
    ? { remoteJWKS: by("cluster", { uri: jwks.uri, cacheDuration: "300s" }) }
    : { localJWKS: by("cluster", { type: "Inline", inline: jwks.inline }) };
}
