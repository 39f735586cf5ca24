import { type FailureMode, failureMode } from "@/lib/contracts/document";
import type { ServingSpec } from "@/lib/serving/schema";

type Nested = { [key: string]: unknown };

/**
 * The failure mode that a specification was compiled from; null: its contract states none. Throws `RangeError` where leaves of it are
 * missing or say something else: it was not compiled.
 */
export function failureModeOf({ leaves }: ServingSpec): FailureMode | null {
  const below = leaves.filter(({ path }) => path.startsWith("failure."));
  if (below.length === 0) return null;
  const nested: Nested = {};
  for (const { path, value } of below) put(nested, path.split(".").slice(1), value);
  const parsed = failureMode.safeParse(nested);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RangeError(`failure.${issue?.path.join(".")} of the specification: ${issue?.message}`);
}

function put(into: Nested, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into[key] = value;
  else {
    into[key] ??= {};
    put(into[key] as Nested, rest, value);
  }
}
