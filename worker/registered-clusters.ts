import { db } from "@/lib/db";
import { type ClusterConfig, capabilitiesOf, clusterConfig } from "@/lib/deployments/cluster-config";
import { CLUSTER_SECRETS } from "@/lib/deployments/cluster-secret";
import type { ClusterAccess } from "@/lib/kubernetes/client";
import { unseal } from "@/lib/secret-box";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";

export type RegisteredCluster = {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly config: ClusterConfig;
  /** Null: nobody has looked yet, so nothing can be compiled for it. */
  readonly capabilities: ClusterCapabilities | null;
  /** Changes whenever the credentials do: a connection with other ones is stale. */
  readonly accessKey: string;
  /** Throws `precondition` when the stored credentials do not open any more. */
  readonly access: () => ClusterAccess;
};

/** Every registered cluster by name, or those with these ids. */
export async function registeredClusters(ids?: readonly string[]): Promise<readonly RegisteredCluster[]> {
  const rows = await db().cluster.findMany({
    where: ids === undefined ? {} : { id: { in: [...ids] } },
    orderBy: { name: "asc" },
  });
  return rows.map(({ id, name, namespace, kubeconfig, ...row }) => {
    const config = clusterConfig.parse(row.config);
    return {
      ...{ id, name, namespace, config },
      capabilities: capabilitiesOf(config, row.capabilities),
      accessKey: `${id} ${kubeconfig ?? "in cluster"}`,
      access: () =>
        kubeconfig === null
          ? { kind: "in_cluster" }
          : { kind: "kubeconfig", text: unseal(kubeconfig, { purpose: CLUSTER_SECRETS, owner: id }) },
    };
  });
}
