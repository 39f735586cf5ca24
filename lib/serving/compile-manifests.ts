import type { Compiled, ManifestInput } from "@/lib/serving/manifest-input";
import { servingManifests } from "@/lib/serving/serving-manifests";
import { trafficManifests } from "@/lib/serving/traffic-manifests";

/**
 * The objects of one endpoint in a cluster: what runs its revisions, then what leads traffic to them. Pure and byte-stable; each leaf
 * has its clause. What the cluster lacks is `cannot`, and exactly the objects that need it are left out.
 * Throws `RangeError` for a specification that was not compiled.
 */
export function compileManifests(input: ManifestInput): Compiled {
  const [running, leading] = [servingManifests(input), trafficManifests(input)];
  return {
    manifests: [...running.manifests, ...leading.manifests],
    cannot: [...running.cannot, ...leading.cannot],
    advice: [...running.advice, ...leading.advice],
  };
}
