import type { ServingSpec, SpecLeaf } from "@/lib/serving/schema";

export type LeafChange = {
  readonly path: string;
  /** Absent: not there on that side. */
  readonly before?: SpecLeaf["value"] | undefined;
  readonly after?: SpecLeaf["value"] | undefined;
};

/** What one clause (or `identity`, `interface`, `serving`) changes. */
export type ClauseChanges = { readonly clause: string; readonly changes: readonly LeafChange[] };

/** What changes from one specification to another, by clause, both in the order of their names. Empty: nothing does. */
export function diffSpecs(before: ServingSpec, after: ServingSpec): readonly ClauseChanges[] {
  return diffLeaves(before.leaves, after.leaves);
}

/** The same of any leaves whose paths are unique under their clause. */
export function diffLeaves(before: readonly SpecLeaf[], after: readonly SpecLeaf[]): readonly ClauseChanges[] {
  const clauses = [...new Set([...before, ...after].map(({ clause }) => clause))].sort();
  return clauses.flatMap((clause) => {
    const old = valuesOf(before, clause);
    const now = valuesOf(after, clause);
    const changes = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): LeafChange[] => {
      const [left, right] = [old.get(path), now.get(path)];
      if (JSON.stringify(left) === JSON.stringify(right)) return [];
      return [{ path, ...(left !== undefined && { before: left }), ...(right !== undefined && { after: right }) }];
    });
    return changes.length === 0 ? [] : [{ clause, changes }];
  });
}

function valuesOf(leaves: readonly SpecLeaf[], clause: string): ReadonlyMap<string, SpecLeaf["value"]> {
  return new Map(leaves.filter((leaf) => leaf.clause === clause).map(({ path, value }) => [path, value]));
}
