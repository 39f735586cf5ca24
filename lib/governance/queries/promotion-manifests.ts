import "server-only";
import { inTransaction } from "@/lib/db";
import { manifestPlan } from "@/lib/deployments/cluster-view";
import { shownManifest } from "@/lib/deployments/planned-manifests";
import { AppError } from "@/lib/errors";
import { loadPromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { planOnCluster } from "@/lib/governance/commands/plan-on-cluster";
import { clauseChanges, promotionKey } from "@/lib/governance/schema";
import { ownTokens } from "@/lib/inference/own-tokens";
import { operation } from "@/lib/operation";
import { diffManifests } from "@/lib/serving/diff-manifests";

const promotionManifests = manifestPlan.extend({ changes: clauseChanges.array() });

/**
 * The objects that a promotion in review would bring to the cluster of its endpoint, and by clause what changes there. `precondition`
 * for an endpoint without a cluster, and for a promotion that is decided: then the endpoint has them.
 */
export const getPromotionManifests = operation({
  name: "promotion.manifests",
  permission: "promotion:read",
  input: promotionKey,
  output: promotionManifests,
  run: async ({ input }) => {
    const own = await ownTokens();
    return inTransaction(async (tx) => {
      const row = await tx.promotion.findUnique({ where: { id: input.id }, include: { endpoint: true } });
      if (!row) throw new AppError("not_found", `There is no promotion ${input.id}.`);
      if (row.state !== "in_review" && row.state !== "approved") {
        throw new AppError(
          "precondition",
          `Promotion ${row.id} is ${row.state}: see what its endpoint is in the cluster.`,
        );
      }
      const { inputs, spec, specDigest } = await loadPromotionFacts(tx, row);
      const { endpointId, modelVersionId } = row;
      const contractDigest = inputs.contract.digest ?? "";
      const plan =
        own && (await planOnCluster(tx, { endpointId, modelVersionId, contractDigest, spec, specDigest, own }));
      if (!plan) {
        throw new AppError("precondition", `${row.endpoint.name} is on no cluster, or nobody issues tokens for it.`);
      }
      const { cluster, namespace, generation, before, after } = plan;
      return {
        ...{ endpoint: row.endpoint.name, cluster, namespace, generation },
        objects: after.manifests.map(shownManifest),
        cannot: [...after.cannot],
        advice: [...after.advice],
        changes: diffManifests(before.manifests, after.manifests).map(({ clause, changes }) => ({
          clause,
          changes: [...changes],
        })),
      };
    });
  },
});
