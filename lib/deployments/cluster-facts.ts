import type { ClusterConfig } from "@/lib/deployments/cluster-config";
import { missingRights, type RightsRule } from "@/lib/deployments/cluster-rights";
import { gpuResources, type NodeFact, type PodFact } from "@/lib/deployments/gpu-resources";
import type { WorkloadFact } from "@/lib/deployments/unmanaged-in";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";

type Named = { readonly metadata: { readonly name: string; readonly namespace?: string } };

/** What a look at a cluster read; a list is null where the account may not read it. */
export type ClusterFacts = {
  /** Of the API server, for example `v1.36.3`. */
  readonly version: string;
  /** Names of the API groups that it serves. */
  readonly groups: ReadonlySet<string>;
  /** What the account may do in its namespace. */
  readonly rights: readonly RightsRule[];
  readonly namespaces: readonly Named[] | null;
  readonly nodes: readonly NodeFact[] | null;
  readonly pods: readonly PodFact[] | null;
  readonly deployments: readonly WorkloadFact[] | null;
  readonly inferenceServices: readonly WorkloadFact[] | null;
  readonly gateways: readonly Named[] | null;
};

/** Images as volumes are on by default from this version of Kubernetes on. */
const IMAGE_VOLUMES_SINCE = [1, 35] as const;
/** Longest list of rights in a sentence. */
const MOST_RIGHTS = 4;

/** What the cluster offers. What could not be read counts as not there: nothing is promised that was not seen. */
export function capabilitiesFrom(facts: ClusterFacts, config: ClusterConfig): ClusterCapabilities {
  const { version, groups, deployments, nodes, pods } = facts;
  const { gateway, backends, prometheusUrl, images } = config;
  return {
    version,
    kserve: groups.has("serving.kserve.io") ? { version: kserveVersionIn(deployments ?? []) ?? "unknown" } : null,
    gatewayApi: groups.has("gateway.networking.k8s.io"),
    envoyGateway: groups.has("gateway.envoyproxy.io"),
    keda: groups.has("keda.sh"),
    prometheusOperator: groups.has("monitoring.coreos.com"),
    mesh: groups.has("security.istio.io") ? "istio" : groups.has("policy.linkerd.io") ? "linkerd" : null,
    imageVolumes: isAtLeast(version, IMAGE_VOLUMES_SINCE),
    gpuResources: nodes && pods ? gpuResources(nodes, pods) : [],
    ...{ gateway, backends, prometheusUrl, images },
  };
}

/** Of the image of KServe's controller; it may run outside of the cluster. */
function kserveVersionIn(deployments: readonly WorkloadFact[]): string | null {
  const images = deployments
    .flatMap(({ spec }) => spec?.template?.spec?.containers ?? [])
    .map(({ image = "" }) => image);
  const tags = images.flatMap((image) => /(?:^|\/)kserve-controller:([^@]+)/.exec(image)?.[1] ?? []);
  return tags[0] ?? null;
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, a = "0", b = "0"] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(a) > major || (Number(a) === major && Number(b) >= minor);
}

/** What stands in the way of serving there, in words with the fix; null: nothing that can be seen. */
export function problemOf(facts: ClusterFacts, namespace: string, config: ClusterConfig): string | null {
  return (
    namespaceProblem(facts, namespace) ??
    rightsProblem(facts) ??
    kserveProblem(facts, config) ??
    gatewayProblem(facts, config)
  );
}

function kserveProblem({ groups, deployments }: ClusterFacts, { kserveVersion }: ClusterConfig): string | null {
  if (!groups.has("serving.kserve.io") || kserveVersion !== null || deployments === null) return null;
  if (kserveVersionIn(deployments) !== null) return null;
  return "The version of KServe cannot be told from its controller's image: say it in the settings of this cluster.";
}

function namespaceProblem({ namespaces }: ClusterFacts, namespace: string): string | null {
  if (namespaces === null || namespaces.some(({ metadata }) => metadata.name === namespace)) return null;
  return `There is no namespace ${namespace}: kubectl create namespace ${namespace}`;
}

function rightsProblem({ rights, groups }: ClusterFacts): string | null {
  const missing = missingRights(rights, groups);
  if (missing.length === 0) return null;
  const more = missing.length > MOST_RIGHTS ? ` and ${missing.length - MOST_RIGHTS} more` : "";
  const words = missing.slice(0, MOST_RIGHTS).join("; ");
  return `The account lacks rights (${words}${more}): apply the role that the page of this cluster shows.`;
}

function gatewayProblem({ gateways, groups }: ClusterFacts, { gateway }: ClusterConfig): string | null {
  if (gateway === null || !groups.has("gateway.networking.k8s.io") || gateways === null) return null;
  const nameOf = ({ metadata }: Named) => `${metadata.namespace}/${metadata.name}`;
  const wanted = `${gateway.namespace}/${gateway.name}`;
  if (gateways.some((each) => nameOf(each) === wanted)) return null;
  const there = gateways.length > 0 ? `There are ${gateways.map(nameOf).sort().join(", ")}` : "There is none";
  return `There is no Gateway ${wanted}. ${there}: choose one that is there, or make it.`;
}
