import type { ClusterFacts } from "@/lib/deployments/cluster-facts";
import type { RightsRule } from "@/lib/deployments/cluster-rights";
import type { PodFact } from "@/lib/deployments/gpu-resources";
import { clusterApi } from "@/lib/kubernetes/cluster-api";
import { errorOf, KubeError } from "@/lib/kubernetes/kube-error";
import type { Kind, KubeObject } from "@/lib/kubernetes/object";
import type { Transport } from "@/lib/kubernetes/transport";

const PATIENCE_MS = 10_000;
const NODES: Kind = { apiVersion: "v1", kind: "Node" };
const NAMESPACES: Kind = { apiVersion: "v1", kind: "Namespace" };
const PODS: Kind = { apiVersion: "v1", kind: "Pod" };
const DEPLOYMENTS: Kind = { apiVersion: "apps/v1", kind: "Deployment" };
const SERVICES: Kind = { apiVersion: "serving.kserve.io/v1beta1", kind: "InferenceService" };
const GATEWAYS: Kind = { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway" };

/** Everything that tells what a cluster offers. Throws `KubeError` when its API server does not answer or knows us not. */
export async function readCluster(transport: Transport, namespace: string): Promise<ClusterFacts> {
  const [version, groups, rights] = await Promise.all([
    readVersion(transport),
    readGroups(transport),
    readRights(transport, namespace),
  ]);
  const api = clusterApi(transport);
  /** Null: the account may not. A kind that is not there has no objects. */
  async function list(kind: Kind): Promise<readonly KubeObject[] | null> {
    try {
      return (await api.list(kind, { namespace: null })).items;
    } catch (error) {
      if (error instanceof KubeError && error.status === 403) return null;
      if (error instanceof KubeError && error.status === 404) return [];
      throw error;
    }
  }
  const [namespaces, nodes, pods, deployments, inferenceServices, gateways] = await Promise.all(
    [NAMESPACES, NODES, PODS, DEPLOYMENTS, SERVICES, GATEWAYS].map(list),
  );
  return {
    ...{ version, groups, rights },
    namespaces: namespaces ?? null,
    nodes: nodes ?? null,
    pods: (pods ?? null) as readonly PodFact[] | null,
    deployments: deployments ?? null,
    inferenceServices: inferenceServices ?? null,
    gateways: gateways ?? null,
  };
}

async function ask(transport: Transport, subject: string, path: string, body?: object): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const sent =
    body === undefined ? { method: "GET" as const } : { method: "POST" as const, body: JSON.stringify(body) };
  const answer = await transport({ ...sent, path, signal }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KubeError(`the API server does not answer (${why})`, 0, "NoAnswer", [], { cause });
  });
  const text = await answer.text();
  if (answer.status < 200 || answer.status > 299) throw errorOf(subject, answer.status, text);
  return JSON.parse(text);
}

async function readVersion(transport: Transport): Promise<string> {
  const { gitVersion } = (await ask(transport, "version of the API server", "/version")) as { gitVersion?: string };
  return gitVersion ?? "unknown";
}

async function readGroups(transport: Transport): Promise<ReadonlySet<string>> {
  const { groups = [] } = (await ask(transport, "API groups", "/apis")) as { groups?: { name: string }[] };
  return new Set(groups.map(({ name }) => name));
}

/** What the account may do in its namespace; whoever is known to the server may ask that of itself. */
async function readRights(transport: Transport, namespace: string): Promise<readonly RightsRule[]> {
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
  const { status } = (await ask(transport, "rights of the account", path, review)) as {
    status?: { resourceRules?: RightsRule[] };
  };
  return status?.resourceRules ?? [];
}
