import { Sub } from "@/components/ui/table";
import type { Endpoint } from "@/lib/deployments/schema";

const WORDS = [
  ["breached", "breached"],
  ["at_risk", "at risk"],
  ["unproven", "unproven"],
  ["met", "met"],
] as const;

/** "1 breached, 5 met"; nothing where there are no clauses. */
export function ClauseCounts({ clauses }: { readonly clauses: Endpoint["clauses"] }) {
  const parts = WORDS.flatMap(([state, word]) => (clauses[state] > 0 ? [`${clauses[state]} ${word}`] : []));
  return parts.length > 0 ? <Sub>{parts.join(", ")}</Sub> : null;
}
