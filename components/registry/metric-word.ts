import { clauseName } from "@/lib/contracts/clause-words";
import { metric as known, type Slice } from "@/lib/contracts/document";

/** A metric as people write it, with its slice; one that no contract knows, as the report has it. */
export function metricWord(metric: string, slice?: Slice): string {
  const found = known.safeParse(metric);
  return found.success ? clauseName({ metric: found.data, slice }) : metric;
}
