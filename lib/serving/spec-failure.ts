import { type FailureMode, failureMode } from "@/lib/contracts/document";
import type { ServingSpec } from "@/lib/serving/schema";
import { nestedBelow, speaksOf } from "@/lib/serving/spec-values";

/**
 * The failure mode that a specification was compiled from; null: its contract states none. Throws `RangeError` where leaves of it are
 * missing or say something else: it was not compiled.
 */
export function failureModeOf(spec: ServingSpec): FailureMode | null {
  if (!speaksOf(spec, "failure")) return null;
  const parsed = failureMode.safeParse(nestedBelow(spec, "failure"));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RangeError(`failure.${issue?.path.join(".")} of the specification: ${issue?.message}`);
}
