import type { DiffLine } from "@/components/ui/diff";
import type { ClauseChanges } from "@/lib/governance/schema";

/** A longer value than this is cut: the clause at the end of the line must stay in sight. */
const LONGEST = 64;

/** The removed and the added line of each setting, with its clause. */
export function linesOf(changes: readonly ClauseChanges[]): DiffLine[] {
  return changes.flatMap(({ clause, changes: leaves }) =>
    leaves.flatMap(({ path, before, after }): DiffLine[] => [
      ...(before !== undefined ? [{ kind: "removed" as const, text: `${path}  ${show(before)}`, tag: clause }] : []),
      ...(after !== undefined ? [{ kind: "added" as const, text: `${path}  ${show(after)}`, tag: clause }] : []),
    ]),
  );
}

function show(value: unknown): string {
  if (typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) return `sha256:${value.slice(0, 12)}…`;
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  if (text.length <= LONGEST) return text;
  const count = Array.isArray(value) ? ` (${value.length})` : "";
  return `${text.slice(0, LONGEST)}…${count}`;
}

/** What is served first, then what the clauses ask for, the longest list last: where one looks first. */
export function splitChanges(changes: readonly ClauseChanges[], most: number) {
  const lines = changes.reduce((sum, each) => sum + linesOf([each]).length, 0);
  if (lines <= most) return { shown: changes, folded: [] };
  const isFirst = ({ clause }: ClauseChanges) => clause === "identity";
  return { shown: changes.filter(isFirst), folded: changes.filter((each) => !isFirst(each)) };
}
