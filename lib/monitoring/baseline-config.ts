import type { BaselineConfig } from "@/lib/inference/desired-state";
import type { Reference } from "@/lib/monitoring/drift";

/**
 * What the runtime bins the rows of a revision by. Columns that are not tested have no edges. A reference that was accepted later has the
 * edges of the first, and its number: nothing changes for the runtime.
 */
export function baselineConfigOf({ id, payload }: Reference): BaselineConfig {
  return {
    id: payload.edgesOf ?? id,
    columns: payload.columns.map(({ kind, edges }) => ({ edges, exact: kind === "values" })),
  };
}
