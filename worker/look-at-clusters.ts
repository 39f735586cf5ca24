import { inTransaction } from "@/lib/db";
import { capabilitiesFrom, problemOf } from "@/lib/deployments/cluster-facts";
import { claimClusterChecks } from "@/lib/deployments/commands/claim-cluster-checks";
import { type ClusterCheck, recordClusterCheck } from "@/lib/deployments/commands/record-cluster-check";
import { unmanagedIn } from "@/lib/deployments/unmanaged-in";
import { AppError } from "@/lib/errors";
import { KubeError } from "@/lib/kubernetes/kube-error";
import { connectionOf } from "./cluster-connection";
import { each } from "./each";
import type { Job } from "./job";
import { readCluster } from "./read-cluster";
import { type RegisteredCluster, registeredClusters } from "./registered-clusters";

/** Finds out what each cluster offers and what serves there without a contract, every minute and when somebody asks for it. */
export const lookAtClusters: Job = {
  name: "look at clusters",
  everyMs: 2000,
  run: async () => {
    const at = new Date();
    const due = await inTransaction((tx) => claimClusterChecks(tx, at));
    if (due.length === 0) return;
    // Side by side: a cluster that hangs does not hold up the others.
    const looked = await Promise.all(
      (await registeredClusters(due)).map(async (cluster) => ({ id: cluster.id, check: await lookAt(cluster) })),
    );
    await each(looked, ({ id, check }) => inTransaction((tx) => recordClusterCheck(tx, id, check, at)));
  },
};

/** What cannot be reached or read is a problem with words, not a failed round. */
async function lookAt(cluster: RegisteredCluster): Promise<ClusterCheck> {
  const { namespace, config } = cluster;
  try {
    const facts = await readCluster(connectionOf(cluster), namespace);
    const { inferenceServices, deployments } = facts;
    return {
      kind: "found",
      capabilities: capabilitiesFrom(facts, config),
      unmanaged: inferenceServices && deployments && unmanagedIn(inferenceServices, deployments),
      problem: problemOf(facts, namespace, config),
    };
  } catch (error) {
    return { kind: "failed", problem: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `${message}. ${fixOf(error)}`;
}

function fixOf(error: unknown): string {
  if (!(error instanceof KubeError)) return "Set its kubeconfig again.";
  if (error.status === 401) return "The token has expired or was revoked: make another and set the kubeconfig again.";
  if (error.status === 403) return "Apply the role that the page of this cluster shows.";
  if (error.status === 0) return "Is its address right, and open to the machine of the worker?";
  return "It is looked at again within a minute.";
}
