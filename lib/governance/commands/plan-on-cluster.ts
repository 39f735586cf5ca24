import "server-only";
import type { Tx } from "@/lib/db";
import { capabilitiesOf, clusterConfig } from "@/lib/deployments/cluster-config";
import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import {
  CLUSTER_ENDPOINT_COLUMNS,
  clusterRevision,
  desiredClusterEndpoint,
  storageOf,
} from "@/lib/deployments/desired-cluster-endpoint";
import { plannedManifests } from "@/lib/deployments/planned-manifests";
import { AppError } from "@/lib/errors";
import type { Compiled } from "@/lib/serving/manifest-input";
import type { ServingSpec } from "@/lib/serving/schema";

type Wanted = {
  readonly endpointId: string;
  readonly modelVersionId: string;
  readonly contractDigest: string;
  readonly spec: ServingSpec;
  readonly specDigest: string;
  /** Whose tokens are believed where the cluster's settings name nobody. */
  readonly own: ClusterEndpoint["jwt"];
};

export type PlanOnCluster = {
  readonly cluster: string;
  readonly namespace: string;
  readonly generation: number;
  /** What the cluster is to hold now, and once the version serves; the one before it is kept warm. */
  readonly before: Compiled;
  readonly after: Compiled;
};

const NOTHING: Compiled = { manifests: [], cannot: [], advice: [] };

/**
 * What making this version serve changes in the cluster of its endpoint; null: the endpoint has none. `precondition` while nobody
 * knows what the cluster offers.
 */
export async function planOnCluster(tx: Tx, wanted: Wanted): Promise<PlanOnCluster | null> {
  const { endpointId, modelVersionId, contractDigest, spec, specDigest, own } = wanted;
  const row = await tx.endpoint.findUniqueOrThrow({
    where: { id: endpointId },
    include: { ...CLUSTER_ENDPOINT_COLUMNS, revisions: { orderBy: { number: "desc" }, take: 1 } },
  });
  const now = desiredClusterEndpoint(row, own);
  if (!row.cluster || !now) return null;
  const config = clusterConfig.parse(row.cluster.config);
  const capabilities = capabilitiesOf(config, row.cluster.capabilities);
  const { name: cluster, namespace } = row.cluster;
  if (!capabilities) throw new AppError("precondition", `What the cluster ${cluster} offers is not known yet.`);
  const modelVersion = await tx.modelVersion.findUniqueOrThrow({
    where: { id: modelVersionId },
    include: { model: true },
  });
  const name = `${row.name}-r${(row.revisions[0]?.number ?? 0) + 1}`;
  const serving = clusterRevision({ name, spec, specDigest, contractDigest, modelVersion });
  const storage = storageOf(config, [serving, now.serving]);
  const then = { ...now, generation: now.generation + 1, serving, warm: now.serving, canary: null, storage };
  const place = { namespace, capabilities };
  return {
    ...{ cluster, namespace, generation: then.generation },
    before: now.serving ? plannedManifests(now, place) : NOTHING,
    after: plannedManifests(then, place),
  };
}
