import { type ClauseChanges, diffLeaves } from "@/lib/serving/diff-spec";
import { keyOf, leavesOf, type Manifest } from "@/lib/serving/manifest";
import { GENERATION_ANNOTATION } from "@/lib/serving/manifest-metadata";
import type { SpecLeaf } from "@/lib/serving/schema";

/**
 * What changes in a cluster, by clause. A path begins with its object: `HTTPRoute/flight-delays spec.rules[0].backendRefs[1].weight`.
 * The generation of the endpoint's objects changes with every change, and is left out.
 */
export function diffManifests(before: readonly Manifest[], after: readonly Manifest[]): readonly ClauseChanges[] {
  return diffLeaves(before.flatMap(named), after.flatMap(named));
}

function named(manifest: Manifest): SpecLeaf[] {
  const { kind, name } = keyOf(manifest);
  return leavesOf(manifest)
    .filter(({ path }) => !path.endsWith(`annotations.${GENERATION_ANNOTATION}`))
    .map((leaf) => ({ ...leaf, path: `${kind}/${name} ${leaf.path}` }));
}
