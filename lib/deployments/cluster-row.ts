import { capabilitiesOf, clusterConfig } from "@/lib/deployments/cluster-config";
import { type ClusterDetail, type ClusterSummary, clusterAccess } from "@/lib/deployments/cluster-view";
import { unmanagedWorkloads } from "@/lib/deployments/unmanaged-workload";
import { clusterCapabilities } from "@/lib/serving/cluster-capabilities";

type SummaryRow = {
  readonly name: string;
  readonly namespace: string;
  readonly problem: string | null;
  readonly capabilities: unknown;
  readonly capabilitiesAt: Date | null;
  readonly unmanaged: unknown;
  readonly checkedAt: Date | null;
  readonly _count: { readonly endpoints: number };
};

type DetailRow = SummaryRow & {
  readonly access: string;
  readonly server: string | null;
  readonly config: unknown;
  readonly nextCheckAt: Date;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endpoints: readonly { readonly name: string }[];
};

/** Every column but the secret. */
export const CLUSTER_COLUMNS = {
  ...{
    name: true,
    namespace: true,
    access: true,
    server: true,
    config: true,
    capabilities: true,
    capabilitiesAt: true,
  },
  ...{ unmanaged: true, problem: true, checkedAt: true, nextCheckAt: true, createdBy: true, createdAt: true },
  endpoints: { select: { name: true }, orderBy: { name: "asc" }, take: 100 },
  _count: { select: { endpoints: true } },
} as const;

export function toClusterSummary(row: SummaryRow): ClusterSummary {
  const { name, namespace, problem, checkedAt, capabilitiesAt } = row;
  return {
    name,
    namespace,
    state: problem !== null ? "problem" : checkedAt === null ? "unchecked" : "ready",
    problem,
    version: clusterCapabilities.safeParse(row.capabilities).data?.version ?? null,
    endpoints: row._count.endpoints,
    unmanaged: unmanagedWorkloads.safeParse(row.unmanaged).data?.total ?? null,
    capabilitiesAt: capabilitiesAt?.toISOString() ?? null,
  };
}

export function toClusterDetail(row: DetailRow): ClusterDetail {
  const config = clusterConfig.parse(row.config);
  return {
    ...toClusterSummary(row),
    access: clusterAccess.parse(row.access),
    server: row.server,
    config,
    capabilities: capabilitiesOf(config, row.capabilities),
    workloads: unmanagedWorkloads.safeParse(row.unmanaged).data ?? null,
    endpointNames: row.endpoints.map(({ name }) => name),
    checkedAt: row.checkedAt?.toISOString() ?? null,
    nextCheckAt: row.nextCheckAt.toISOString(),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
