import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction, type Tx } from "@/lib/db";
import { accessOf } from "@/lib/deployments/cluster-access";
import { type ClusterConfig, clusterConfig } from "@/lib/deployments/cluster-config";
import { CLUSTER_COLUMNS, toClusterDetail } from "@/lib/deployments/cluster-row";
import { CLUSTER_SECRETS } from "@/lib/deployments/cluster-secret";
import { clusterDetail, type UpdateClusterInput, updateClusterInput } from "@/lib/deployments/cluster-view";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { seal } from "@/lib/secret-box";

/** Changes what is given of a cluster; the worker looks at it again at once. The namespace stays while an endpoint serves there. */
export const updateCluster = operation({
  name: "cluster.update",
  permission: "cluster:write",
  input: updateClusterInput,
  output: clusterDetail,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const before = await lockCluster(tx, input.name);
      refuseMove(before, input);
      const access = changedAccess(before, input);
      const config = { ...clusterConfig.parse(before.config), ...given(input.config) };
      const row = await tx.cluster.update({
        where: { id: before.id },
        data: {
          ...(input.namespace !== undefined && { namespace: input.namespace }),
          ...access,
          ...{ config, nextCheckAt: new Date() },
        },
        select: CLUSTER_COLUMNS,
      });
      await recordAudit(tx, {
        ...{
          actor: principal,
          action: "cluster.update",
          outcome: "done",
          subjectType: "cluster",
          subject: before.name,
        },
        before: shownOf(before),
        after: { ...shownOf(row), ...(access.kubeconfig && { kubeconfig: "replaced" }) },
      });
      return toClusterDetail(row);
    }),
});

async function lockCluster(tx: Tx, name: string) {
  await tx.$queryRaw`SELECT id FROM cluster WHERE name = ${name} FOR UPDATE`;
  const row = await tx.cluster.findUnique({ where: { name }, include: { _count: { select: { endpoints: true } } } });
  if (!row) throw new AppError("not_found", `There is no cluster ${name}.`);
  return row;
}
type Row = Awaited<ReturnType<typeof lockCluster>>;

/** What serves in one namespace would be left there, and nobody would look after it. */
function refuseMove({ name, namespace, _count: { endpoints } }: Row, input: UpdateClusterInput): void {
  if (input.namespace === undefined || input.namespace === namespace || endpoints === 0) return;
  const message = `${endpoints} endpoints serve in ${namespace} of ${name}: the namespace stays while they do.`;
  throw new AppError("precondition", message, { namespace: [`stays ${namespace}`] }, { subject: name });
}

function changedAccess({ id, access }: Row, input: UpdateClusterInput) {
  if (input.access === undefined && (input.kubeconfig ?? "") === "") return {};
  const next = input.access ?? (access === "in_cluster" ? "in_cluster" : "kubeconfig");
  if (next === access && (input.kubeconfig ?? "") === "") return {};
  const { server, kept } = accessOf(next, input.kubeconfig);
  return { access: next, server, kubeconfig: kept && seal(kept, { purpose: CLUSTER_SECRETS, owner: id }) };
}

/** Without the fields that were not named. */
function given(config: UpdateClusterInput["config"]): Partial<ClusterConfig> {
  return Object.fromEntries(Object.entries(config ?? {}).filter(([, value]) => value !== undefined));
}

const shownOf = ({ namespace, access, server, config }: Pick<Row, "namespace" | "access" | "server" | "config">) => ({
  ...{ namespace, access, server, config },
});
