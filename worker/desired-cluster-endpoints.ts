import { db } from "@/lib/db";
import { type ClusterConfig, clusterConfig, storedAt } from "@/lib/deployments/cluster-config";
import type { ClusterEndpoint, ClusterRevision } from "@/lib/deployments/cluster-endpoint";
import { toVersion } from "@/lib/registry/version-row";
import { servingSpec } from "@/lib/serving/schema";
import type { Issuer } from "./desired-endpoints";

const REVISION = { include: { contract: true, modelVersion: { include: { model: true } } } } as const;

/**
 * What every registered cluster is to hold, from the database alone: the endpoints that were ever to serve there. `issuer`: who
 * signs the tokens of callers where the settings of a cluster name nobody; not asked otherwise.
 */
export async function desiredClusterEndpoints(issuer: () => Promise<Issuer>): Promise<readonly ClusterEndpoint[]> {
  const rows = await db().endpoint.findMany({
    where: { target: "kubernetes", generation: { gt: 0 } },
    include: { useCase: true, cluster: true, serving: REVISION, warm: REVISION, canary: REVISION },
    orderBy: { name: "asc" },
  });
  const configs = rows.map(({ cluster }) => clusterConfig.parse(cluster?.config));
  const own = configs.some(({ jwt }) => jwt === null) ? jwtOf(await issuer()) : null;
  return rows.flatMap(({ name, generation, useCase, cluster, ...row }, i) => {
    const config = configs[i];
    const jwt = config?.jwt ?? own;
    // An endpoint of this target has a cluster: the table does not hold another.
    if (!cluster || !config || !jwt) return [];
    const [serving, warm, canary] = [row.serving, row.warm, row.canary].map((each) => each && revisionOf(each));
    return {
      ...{ name, generation, jwt, useCase: useCase.slug, cluster: cluster.name },
      serving: serving ?? null,
      warm: warm ?? null,
      canary: canary ? { revision: canary, percent: row.canaryPercent, shadow: row.canaryShadow } : null,
      storage: storageOf(config, [serving, warm, canary]),
    };
  });
}

type Row = {
  readonly name: string;
  readonly spec: unknown;
  readonly specDigest: string;
  readonly contract: { readonly digest: string | null };
  readonly modelVersion: Parameters<typeof toVersion>[1] & { readonly model: { readonly name: string } };
};

function revisionOf({ name, spec, specDigest, contract, modelVersion }: Row): ClusterRevision {
  const version = toVersion(modelVersion.model.name, modelVersion);
  const file = version.files.find(({ role }) => role === "model");
  // A revision is made from a signed contract and a verified version: both are there.
  if (!file || contract.digest === null) throw new Error(`revision ${name} lacks its model or its contract`);
  return {
    spec: servingSpec.parse(spec),
    identity: {
      ...{ revision: name, specDigest, modelVersion: `${version.number}`, schema: version.schema },
      contractDigest: contract.digest,
      modelDigest: file.sha256,
    },
  };
}

const jwtOf = ({ issuer, jwks }: Issuer): ClusterEndpoint["jwt"] => ({
  issuer,
  jwks: { inline: JSON.stringify(jwks) },
});

/** Empty without a storage: the manifests then say what is missing. */
function storageOf(
  { storage }: ClusterConfig,
  revisions: readonly (ClusterRevision | null | undefined)[],
): ClusterEndpoint["storage"] {
  if (storage === null) return {};
  const digests = revisions.flatMap((each) => (each ? [each.identity.modelDigest] : []));
  return Object.fromEntries(digests.map((digest) => [digest, storedAt(storage, digest)]));
}
