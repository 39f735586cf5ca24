import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { CLUSTER_COLUMNS, toClusterDetail } from "@/lib/deployments/cluster-row";
import { clusterDetail, clusterKey } from "@/lib/deployments/cluster-view";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** The worker looks at the cluster at once instead of within a minute; `checkedAt` of the answer moves when it has. */
export const checkCluster = operation({
  name: "cluster.check",
  permission: "cluster:write",
  input: clusterKey,
  output: clusterDetail,
  run: ({ principal, input: { name } }) =>
    inTransaction(async (tx) => {
      const found = await tx.cluster.findUnique({ where: { name }, select: { id: true } });
      if (!found) throw new AppError("not_found", `There is no cluster ${name}.`);
      const row = await tx.cluster.update({
        where: { id: found.id },
        data: { nextCheckAt: new Date() },
        select: CLUSTER_COLUMNS,
      });
      await recordAudit(tx, {
        ...{ actor: principal, action: "cluster.check", outcome: "done", subjectType: "cluster", subject: name },
      });
      return toClusterDetail(row);
    }),
});
