import { db } from "@/lib/db";
import { clusterConfig } from "@/lib/deployments/cluster-config";
import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import { CLUSTER_ENDPOINT_COLUMNS, desiredClusterEndpoint } from "@/lib/deployments/desired-cluster-endpoint";
import type { Issuer } from "./desired-endpoints";

/**
 * What a registered cluster is to hold, from the database alone: the endpoints that were ever to serve there. `issuer`: who signs the
 * tokens of callers where the settings of the cluster name nobody; not asked otherwise.
 */
export async function desiredClusterEndpoints(
  clusterId: string,
  issuer: () => Promise<Issuer>,
): Promise<readonly ClusterEndpoint[]> {
  const rows = await db().endpoint.findMany({
    where: { clusterId, generation: { gt: 0 } },
    include: CLUSTER_ENDPOINT_COLUMNS,
    orderBy: { name: "asc" },
  });
  const isOwn = rows.some(({ cluster }) => clusterConfig.parse(cluster?.config).jwt === null);
  const own = isOwn ? jwtOf(await issuer()) : null;
  return rows.flatMap((row) => desiredClusterEndpoint(row, own) ?? []);
}

const jwtOf = ({ issuer, jwks }: Issuer) => ({ issuer, jwks: { inline: JSON.stringify(jwks) } });
