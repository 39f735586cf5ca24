import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { accessOf } from "@/lib/deployments/cluster-access";
import { NO_CONFIG } from "@/lib/deployments/cluster-config";
import { CLUSTER_COLUMNS, toClusterDetail } from "@/lib/deployments/cluster-row";
import { CLUSTER_SECRETS } from "@/lib/deployments/cluster-secret";
import { clusterDetail, createClusterInput } from "@/lib/deployments/cluster-view";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { seal } from "@/lib/secret-box";

/**
 * Registers a cluster that endpoints can serve on. Its credentials are encrypted and never shown again; the worker looks at it within
 * seconds and says what it found. `invalid` for credentials that only mean something elsewhere, `conflict` for a name that is taken.
 */
export const createCluster = operation({
  name: "cluster.create",
  permission: "cluster:write",
  input: createClusterInput,
  output: clusterDetail,
  run: ({ principal, input }) => {
    const { name, namespace } = input;
    const access = accessOf(input.access, input.kubeconfig);
    const id = randomUUID();
    const kubeconfig = access.kept && seal(access.kept, { purpose: CLUSTER_SECRETS, owner: id });
    const config = { ...NO_CONFIG, ...input.config };
    return inTransaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('cluster.name'))`;
      const taken = await tx.cluster.findUnique({ where: { name }, select: { id: true } });
      if (taken)
        throw new AppError("conflict", `There is a cluster ${name} already.`, { name: ["this name is taken"] });
      const row = await tx.cluster.create({
        data: {
          ...{ id, name, namespace, access: input.access, server: access.server, kubeconfig, config },
          createdBy: principal.email,
        },
        select: CLUSTER_COLUMNS,
      });
      await recordAudit(tx, {
        ...{ actor: principal, action: "cluster.create", outcome: "done", subjectType: "cluster", subject: name },
        after: { namespace, access: input.access, server: access.server, config },
      });
      return toClusterDetail(row);
    });
  },
});
