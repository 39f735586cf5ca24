import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { clusterAccess, removeClusterInput, removedCluster } from "@/lib/deployments/cluster-view";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Forgets a cluster and its credentials. `precondition` while an endpoint serves there; in the cluster nothing is touched. */
export const removeCluster = operation({
  name: "cluster.remove",
  permission: "cluster:write",
  input: removeClusterInput,
  output: removedCluster,
  run: ({ principal, input: { name, confirm } }) =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM cluster WHERE name = ${name} FOR UPDATE`;
      const row = await tx.cluster.findUnique({
        where: { name },
        include: { endpoints: { select: { name: true }, orderBy: { name: "asc" } } },
      });
      if (!row) throw new AppError("not_found", `There is no cluster ${name}.`);
      if (confirm !== name) {
        throw new AppError(
          "invalid",
          `Type ${name} to confirm.`,
          { confirm: [`this is not ${name}`] },
          { subject: name },
        );
      }
      if (row.endpoints.length > 0) {
        const names = row.endpoints.map((each) => each.name).join(", ");
        const message = `It is where ${names} serves: a cluster with endpoints cannot be removed.`;
        throw new AppError("precondition", message, undefined, { subject: name });
      }
      await tx.cluster.delete({ where: { id: row.id } });
      await recordAudit(tx, {
        ...{ actor: principal, action: "cluster.remove", outcome: "done", subjectType: "cluster", subject: name },
        before: { namespace: row.namespace, access: clusterAccess.parse(row.access), server: row.server },
      });
      return { name };
    }),
});
