import type { Compiled, ManifestInput } from "@/lib/serving/manifest-input";

/**
 * The objects of one endpoint in a cluster: what runs its revisions, then what leads traffic to them. Pure and byte-stable; each leaf
 * has its clause. What the cluster lacks is `cannot`, and exactly the objects that need it are left out.
 */
export function compileManifests(_input: ManifestInput): Compiled {
  return { manifests: [], cannot: [], advice: [] };
}
