import "server-only";
import { db } from "@/lib/db";
import { clusterLabel } from "@/lib/deployments/cluster-config";
import { CLUSTER_COLUMNS, toClusterDetail, toClusterSummary } from "@/lib/deployments/cluster-row";
import { clusterDetail, clusterKey, clusterPage, listClustersInput } from "@/lib/deployments/cluster-view";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, toPage } from "@/lib/page";

/** Registered clusters by name: what an endpoint can be made on. */
export const listClusters = operation({
  name: "cluster.list",
  permission: "endpoint:read",
  input: listClustersInput,
  output: clusterPage,
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, clusterLabel);
    const rows = await db().cluster.findMany({
      where: after === undefined ? {} : { name: { gt: after } },
      select: CLUSTER_COLUMNS,
      orderBy: { name: "asc" },
      take: input.limit + 1,
    });
    return toPage(rows, input.limit, ({ name }) => name, toClusterSummary);
  },
});

/** One cluster with everything but its credentials. */
export const getCluster = operation({
  name: "cluster.get",
  permission: "system:read",
  input: clusterKey,
  output: clusterDetail,
  run: async ({ input: { name } }) => {
    const row = await db().cluster.findUnique({ where: { name }, select: CLUSTER_COLUMNS });
    if (!row) throw new AppError("not_found", `There is no cluster ${name}.`);
    return toClusterDetail(row);
  },
});
