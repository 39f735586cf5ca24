import "server-only";
import { db } from "@/lib/db";
import { capabilitiesOf, clusterConfig } from "@/lib/deployments/cluster-config";
import { manifestPlan } from "@/lib/deployments/cluster-view";
import { CLUSTER_ENDPOINT_COLUMNS, desiredClusterEndpoint } from "@/lib/deployments/desired-cluster-endpoint";
import { plannedManifests, shownManifest } from "@/lib/deployments/planned-manifests";
import { endpointKey } from "@/lib/deployments/schema";
import { AppError } from "@/lib/errors";
import { ownTokens } from "@/lib/inference/own-tokens";
import { operation } from "@/lib/operation";

/**
 * The objects of an endpoint as its cluster is to hold them, for looking at and for Git; every line has its clause.
 * `precondition` for an endpoint without a cluster, and while nobody knows what its cluster offers or whose tokens it believes.
 */
export const getManifests = operation({
  name: "endpoint.manifests",
  permission: "endpoint:read",
  input: endpointKey,
  output: manifestPlan,
  run: async ({ input: { name } }) => {
    const row = await db().endpoint.findUnique({ where: { name }, include: CLUSTER_ENDPOINT_COLUMNS });
    if (!row) throw new AppError("not_found", `There is no endpoint ${name}.`);
    const { cluster } = row;
    if (!cluster) {
      throw new AppError(
        "precondition",
        `${name} serves on the local runtime: there is nothing to apply to a cluster.`,
      );
    }
    const capabilities = capabilitiesOf(clusterConfig.parse(cluster.config), cluster.capabilities);
    if (!capabilities) {
      const why = cluster.problem ?? "Nobody has looked at it yet.";
      throw new AppError("precondition", `What ${cluster.name} offers is not known. ${why}`);
    }
    const desired = desiredClusterEndpoint(row, await ownTokens());
    if (!desired) {
      const message = `Nobody issues tokens for ${cluster.name}: name an issuer in its settings, or set INFERENCE_ISSUER.`;
      throw new AppError("precondition", message);
    }
    const { manifests, cannot, advice } = plannedManifests(desired, { namespace: cluster.namespace, capabilities });
    return {
      ...{ endpoint: name, cluster: cluster.name, namespace: cluster.namespace, generation: row.generation },
      objects: manifests.map(shownManifest),
      cannot: [...cannot],
      advice: [...advice],
    };
  },
});
