import { REVISION_HEADER } from "@/lib/inference/events";
import { by, type Manifest, type Part, Stated } from "@/lib/serving/manifest";
import type { ManifestRevision } from "@/lib/serving/manifest-input";
import { endpointMetadata, revisionMetadata } from "@/lib/serving/manifest-metadata";
import { deadlineOf, durationOf, INFER_RULE, SERVICE_PORT, serviceOf, type Traffic } from "@/lib/serving/traffic-parts";

/**
 * The route of an endpoint: its predictions by weight, and what it says of its model. While the previous revision may stand in, both
 * are `Backend` objects of one Envoy cluster, the second for when the first cannot; otherwise each revision has a cluster and a weight
 * of its own, and a step of a rollout changes nothing but weights.
 */
export function routeManifests(traffic: Traffic): Manifest[] {
  const { previous, serving } = traffic;
  const route: Manifest = {
    apiVersion: new Stated("gateway.networking.k8s.io/v1", "identity"),
    kind: new Stated("HTTPRoute", "identity"),
    metadata: endpointMetadata(traffic, "identity"),
    spec: { parentRefs: [parentRef(traffic)], rules: [inferRule(traffic), aboutRule(traffic)] },
  };
  if (!previous) return [route];
  return [backend(traffic, serving, false), backend(traffic, previous, true), route];
}

const parentRef = ({ gateway }: Traffic): Part =>
  by("cluster", {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    name: gateway.name,
    namespace: gateway.namespace,
  });

function inferRule(traffic: Traffic): Part {
  const { endpoint, serving, previous, revisions } = traffic;
  const shadow = revisions.find((each) => each.shadow);
  const weights = weightsOf(revisions);
  return {
    name: new Stated(INFER_RULE, "identity"),
    matches: [by("identity", { path: { type: "Exact", value: `/v2/models/${endpoint}/infer` }, method: "POST" })],
    filters: shadow && [mirror(shadow)],
    backendRefs: previous
      ? [serving, previous].map(backendRef)
      : revisions.map((each, i) => serviceRef(each, weights[i] ?? 0)),
    // No deadline is said as none, or Envoy would have its own of 15 seconds.
    timeouts: { request: new Stated(requestTimeout(serving), "serving") },
  };
}

function requestTimeout(serving: ManifestRevision): string {
  const deadlineMs = deadlineOf(serving);
  return deadlineMs === null ? "0s" : durationOf(deadlineMs);
}

/** What the model takes and whether it is ready: asked of the serving revision alone. */
function aboutRule({ endpoint, serving }: Traffic): Part {
  const paths = [`/v2/models/${endpoint}`, `/v2/models/${endpoint}/ready`];
  return {
    name: new Stated("about", "identity"),
    matches: paths.map((value) => by("identity", { path: { type: "Exact", value }, method: "GET" })),
    backendRefs: [service(serving)],
  };
}

/**
 * Whole weights in the order of the revisions, 100 in all; what rounding leaves over goes to the serving one. None of a revision that is
 * to get nothing. All zero while nothing is ready. Throws `RangeError` for shares that are neither 100 nor 0 in all.
 */
function weightsOf(revisions: readonly ManifestRevision[]): number[] {
  const total = revisions.reduce((sum, { percent }) => sum + percent, 0);
  if (total === 0) return revisions.map(() => 0);
  if (Math.abs(total - 100) > 1e-9) throw new RangeError(`the shares of the revisions are ${total} % in all, not 100`);
  const others = revisions.reduce((sum, { role, percent }) => sum + (role === "serving" ? 0 : Math.floor(percent)), 0);
  return revisions.map(({ role, percent }) => (role === "serving" ? 100 - others : Math.floor(percent)));
}

function service(revision: ManifestRevision) {
  return {
    group: new Stated("", "identity"),
    kind: new Stated("Service", "identity"),
    name: new Stated(serviceOf(revision), "identity"),
    port: new Stated(SERVICE_PORT, "identity"),
  };
}

/** The header makes Envoy keep a cluster, and so the numbers, of each revision; and it tells the access log who was chosen. */
function serviceRef(revision: ManifestRevision, weight: number): Part {
  const { identity, role } = revision;
  return {
    ...service(revision),
    weight: new Stated(weight, role === "canary" ? "rollout" : "identity"),
    filters: [
      by("identity", {
        type: "RequestHeaderModifier",
        requestHeaderModifier: { set: [{ name: REVISION_HEADER, value: identity.revision }] },
      }),
    ],
  };
}

/** Every request, also those that the canary answers itself. */
const mirror = (revision: ManifestRevision): Part =>
  by("rollout", {
    type: "RequestMirror",
    requestMirror: { backendRef: { group: "", kind: "Service", name: serviceOf(revision), port: SERVICE_PORT } },
  });

const GROUP = "gateway.envoyproxy.io";

const backendRef = ({ identity }: ManifestRevision): Part =>
  by("failureMode", { group: GROUP, kind: "Backend", name: identity.revision });

/** A Service by its name in the cluster's DNS: only of such addresses can Envoy make a first and a second choice. */
function backend({ endpoint, namespace }: Traffic, revision: ManifestRevision, fallback: boolean): Manifest {
  const { identity } = revision;
  const hostname = `${serviceOf(revision)}.${namespace}.svc.cluster.local`;
  return {
    apiVersion: new Stated(`${GROUP}/v1alpha1`, "failureMode"),
    kind: new Stated("Backend", "failureMode"),
    metadata: revisionMetadata({ endpoint, namespace, identity }, "failureMode"),
    spec: by("failureMode", { endpoints: [{ fqdn: { hostname, port: SERVICE_PORT } }], fallback }),
  };
}
