import { inferenceService } from "@/lib/serving/inference-service";
import type { Manifest } from "@/lib/serving/manifest";
import type { Compiled, ManifestInput, ManifestRevision } from "@/lib/serving/manifest-input";
import { disruptionBudget, networkPolicy } from "@/lib/serving/pod-guards";
import type { Cannot } from "@/lib/serving/schema";
import { blockers, servingAdvice } from "@/lib/serving/serving-limits";
import { servingRuntime, tritonConfigMap } from "@/lib/serving/triton-runtime";

/** What runs the revisions of an endpoint; of each revision all or nothing. What several of them lack is said once. */
export function servingManifests(input: ManifestInput): Compiled {
  const each = input.revisions.map((revision) => revisionManifests(input, revision));
  const manifests = each.flatMap((one) => one.manifests);
  return {
    manifests: manifests.length > 0 ? [networkPolicy(input), ...manifests] : [],
    cannot: once(each.flatMap(({ cannot }) => cannot)),
    advice: once(each.flatMap(({ advice }) => advice)),
  };
}

function revisionManifests(input: ManifestInput, revision: ManifestRevision): Compiled {
  const { endpoint, namespace, cluster, storage } = input;
  const { identity, spec } = revision;
  const cannot = blockers(input, revision);
  const uri = storage[identity.modelDigest];
  const image = cluster.images.triton;
  if (cannot.length > 0 || uri === undefined || image === null) return { manifests: [], cannot, advice: [] };
  const served = { endpoint, namespace, identity, spec, uri };
  const budget = disruptionBudget(served);
  const manifests: Manifest[] = [
    tritonConfigMap(served),
    servingRuntime(served, image),
    ...(budget ? [budget] : []),
    inferenceService(served, cluster),
  ];
  return { manifests, cannot, advice: servingAdvice(revision) };
}

function once(found: readonly Cannot[]): readonly Cannot[] {
  return found.filter(
    ({ clause, reason }, i) => found.findIndex((one) => one.clause === clause && one.reason === reason) === i,
  );
}
