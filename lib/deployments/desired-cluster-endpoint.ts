import { type ClusterConfig, clusterConfig, storedAt } from "@/lib/deployments/cluster-config";
import type { ClusterEndpoint, ClusterRevision } from "@/lib/deployments/cluster-endpoint";
import { toVersion } from "@/lib/registry/version-row";
import { type ServingSpec, servingSpec } from "@/lib/serving/schema";

type VersionRow = Parameters<typeof toVersion>[1] & { readonly model: { readonly name: string } };

type RevisionRow = {
  readonly name: string;
  readonly spec: unknown;
  readonly specDigest: string;
  readonly contract: { readonly digest: string | null };
  readonly modelVersion: VersionRow;
};

type EndpointRow = {
  readonly name: string;
  readonly generation: number;
  readonly useCase: { readonly slug: string };
  readonly cluster: { readonly name: string; readonly config: unknown } | null;
  readonly serving: RevisionRow | null;
  readonly warm: RevisionRow | null;
  readonly canary: RevisionRow | null;
  readonly canaryPercent: number;
  readonly canaryShadow: boolean;
};

const REVISION = { include: { contract: true, modelVersion: { include: { model: true } } } } as const;

/** The columns that `desiredClusterEndpoint` reads. */
export const CLUSTER_ENDPOINT_COLUMNS = {
  ...{ useCase: true, cluster: true, serving: REVISION, warm: REVISION, canary: REVISION },
} as const;

/**
 * What the cluster of an endpoint is to hold of it. `own`: who signs the tokens of callers where the settings of the cluster name nobody.
 * Null where nobody does, or for an endpoint without a cluster.
 */
export function desiredClusterEndpoint(row: EndpointRow, own: ClusterEndpoint["jwt"] | null): ClusterEndpoint | null {
  const { name, generation, useCase, cluster } = row;
  const config = cluster && clusterConfig.parse(cluster.config);
  const jwt = config?.jwt ?? own;
  if (!cluster || !config || !jwt) return null;
  const [serving = null, warm = null, canary = null] = [row.serving, row.warm, row.canary].map(
    (each) => each && revisionOf(each),
  );
  return {
    ...{ name, generation, jwt, serving, warm, useCase: useCase.slug, cluster: cluster.name },
    canary: canary && { revision: canary, percent: row.canaryPercent, shadow: row.canaryShadow },
    storage: storageOf(config, [serving, warm, canary]),
  };
}

function revisionOf({ name, spec, contract, ...row }: RevisionRow): ClusterRevision {
  // A revision is made from a signed contract.
  if (contract.digest === null) throw new Error(`revision ${name} lacks its contract`);
  return clusterRevision({ ...row, name, contractDigest: contract.digest, spec: servingSpec.parse(spec) });
}

/** A revision, or one that is still to be made. */
export function clusterRevision(parts: {
  readonly name: string;
  readonly spec: ServingSpec;
  readonly specDigest: string;
  readonly contractDigest: string;
  readonly modelVersion: VersionRow;
}): ClusterRevision {
  const { name, spec, specDigest, contractDigest, modelVersion } = parts;
  const version = toVersion(modelVersion.model.name, modelVersion);
  const file = version.files.find(({ role }) => role === "model");
  // Without one the version could not have been registered.
  if (!file) throw new Error(`revision ${name} lacks its model`);
  const identity = { revision: name, specDigest, contractDigest, modelDigest: file.sha256, schema: version.schema };
  return { spec, identity: { ...identity, modelVersion: `${version.number}` } };
}

/** Address by digest; empty without a storage: the manifests then say what is missing. */
export function storageOf(
  { storage }: Pick<ClusterConfig, "storage">,
  revisions: readonly (ClusterRevision | null)[],
): ClusterEndpoint["storage"] {
  if (storage === null) return {};
  const digests = revisions.flatMap((each) => (each ? [each.identity.modelDigest] : []));
  return Object.fromEntries(digests.map((digest) => [digest, storedAt(storage, digest)]));
}
