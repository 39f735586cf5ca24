import { type Placement, placement } from "@/lib/contracts/document";
import type { ServingSpec } from "@/lib/serving/schema";
import { nestedBelow } from "@/lib/serving/spec-values";

/** What a contract without the section asks of a cluster. */
const USUAL: Placement = { replicas: { min: 1, max: 3 }, zones: 1, gpu: null };

/**
 * The placement that a specification was compiled from, all of it under `serving`. Throws `RangeError` where leaves of it are missing
 * or say something else: it was not compiled.
 */
export function placementOf(spec: ServingSpec): Placement {
  const { target: _, tier: __, ...stated } = nestedBelow(spec, "placement");
  if (Object.keys(stated).length === 0) return USUAL;
  const parsed = placement.safeParse(stated);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RangeError(`placement.${issue?.path.join(".")} of the specification: ${issue?.message}`);
}
