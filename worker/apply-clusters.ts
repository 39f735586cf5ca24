import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import type { ServingTarget } from "@/lib/deployments/target";
import { digestOf } from "@/lib/digest";
import { clusterApi } from "@/lib/kubernetes/cluster-api";
import { applyEndpoints } from "./apply-endpoints";
import { connectionOf } from "./cluster-connection";
import { desiredClusterEndpoints } from "./desired-cluster-endpoints";
import type { Issuer } from "./desired-endpoints";
import { each } from "./each";
import type { Job } from "./job";
import { kubernetesTarget } from "./kubernetes-target";
import { loop } from "./loop";
import { type RegisteredCluster, registeredClusters } from "./registered-clusters";

type Running = { readonly key: string; readonly end: () => void };

/**
 * Keeps a loop for each registered cluster that was looked at: one that hangs does not hold up the others. A cluster whose credentials or
 * capabilities changed gets a new one; one that is registered no longer loses its own, and keeps what it holds.
 */
export function applyClusters(issuer: () => Promise<Issuer>): Job {
  const running = new Map<string, Running>();
  return {
    name: "apply clusters",
    everyMs: 2000,
    run: async (signal) => {
      const clusters = (await registeredClusters()).filter(({ capabilities }) => capabilities !== null);
      const keys = new Map(clusters.map((cluster) => [cluster.id, keyOf(cluster)]));
      for (const [id, { key, end }] of running) {
        if (keys.get(id) === key) continue;
        end();
        running.delete(id);
      }
      const starting = clusters.filter(({ id }) => !running.has(id));
      await each(starting, async (cluster) => {
        const ending = new AbortController();
        const end = AbortSignal.any([signal, ending.signal]);
        const job = applyEndpoints(
          targetOf(cluster, end),
          () => desiredClusterEndpoints(cluster.id, issuer),
          `apply ${cluster.name}`,
        );
        void loop(job, end);
        running.set(cluster.id, { key: keys.get(cluster.id) ?? "", end: () => ending.abort() });
      });
    },
  };
}

/** What is free changes with every pod and is no reason to begin anew. */
function keyOf({ accessKey, namespace, config, capabilities }: RegisteredCluster): string {
  const gpus = capabilities?.gpuResources.map(({ name, product, allocatable }) => ({ name, product, allocatable }));
  return digestOf({ accessKey, namespace, config, capabilities: { ...capabilities, gpuResources: gpus } });
}

function targetOf(cluster: RegisteredCluster, signal: AbortSignal): ServingTarget<ClusterEndpoint> {
  const { namespace, capabilities } = cluster;
  if (capabilities === null) throw new Error(`the cluster ${cluster.name} was not looked at yet`);
  const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
  const api = clusterApi(connectionOf(cluster));
  return kubernetesTarget({ api, namespace, capabilities, now: Date.now, pause }, signal);
}
