import "server-only";
import type { Tx } from "@/lib/db";
import { capabilitiesOf, clusterConfig } from "@/lib/deployments/cluster-config";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";

/** What the registered clusters offer, or the one with this id; those that nobody has looked at yet are left out. */
export async function findClusterCapabilities(tx: Tx, id?: string): Promise<readonly ClusterCapabilities[]> {
  const rows = await tx.cluster.findMany({
    where: id === undefined ? {} : { id },
    select: { config: true, capabilities: true },
    orderBy: { name: "asc" },
  });
  return rows.flatMap(({ config, capabilities }) => capabilitiesOf(clusterConfig.parse(config), capabilities) ?? []);
}
