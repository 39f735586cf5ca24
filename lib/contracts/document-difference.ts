import type { ContractDocument } from "@/lib/contracts/document";

export type FieldChange = {
  /** Inside its group, dotted: `target`, `population.maxRows`, `features.hour.max`. */
  readonly path: string;
  /** Undefined: not there on that side. */
  readonly before?: unknown;
  readonly after?: unknown;
};

/** What differs in one part of the document: a clause by its id, or `purpose`, `interface`, `serving`, `failureMode`, `rollout`. */
export type PartDifference = {
  readonly part: string;
  readonly kind: "added" | "removed" | "changed";
  readonly changes: readonly FieldChange[];
};

/** The difference of two documents by part: the parts that are not clauses first, then clauses by id. Empty: the same promise. */
export function documentDifference(before: ContractDocument, after: ContractDocument): readonly PartDifference[] {
  const old = partsOf(before);
  const now = partsOf(after);
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((part) => {
    const [left, right] = [old.get(part), now.get(part)];
    const changes = changesBetween(left ?? new Map(), right ?? new Map());
    if (changes.length === 0) return [];
    const kind = left === undefined ? "added" : right === undefined ? "removed" : "changed";
    return [{ part, kind, changes }];
  });
}

function partsOf(document: ContractDocument): Map<string, Map<string, unknown>> {
  const { features, ...shape } = document.interface;
  const named = Object.fromEntries(features.map(({ name, ...rest }) => [name, rest]));
  const order = features.map(({ name }) => name).join(", ");
  const clauses = [...document.clauses].sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map([
    ["purpose", new Map<string, unknown>([["purpose", document.purpose]])],
    ["interface", leavesOf({ ...shape, order, features: named })],
    ["serving", leavesOf(document.serving)],
    ...statedPart("failureMode", document.failureMode),
    ...statedPart("rollout", document.rollout),
    ...clauses.map(({ id, ...rest }): [string, Map<string, unknown>] => [id, leavesOf(rest)]),
  ]);
}

function statedPart(part: string, value: unknown): [string, Map<string, unknown>][] {
  return value === undefined ? [] : [[part, leavesOf(value)]];
}

/** Every scalar (and list of scalars) below a value, by its dotted path; members of a list of objects by their number, from 1. */
function leavesOf(value: unknown, path = "", into = new Map<string, unknown>()): Map<string, unknown> {
  const members = membersOf(value);
  if (members) {
    for (const [key, item] of members) leavesOf(item, path === "" ? key : `${path}.${key}`, into);
  } else if (value !== undefined) {
    into.set(path, value);
  }
  return into;
}

function membersOf(value: unknown): [string, unknown][] | null {
  if (value === null || typeof value !== "object") return null;
  if (!Array.isArray(value)) return Object.entries(value);
  const isOfObjects = value.length > 0 && value.every((each) => each !== null && typeof each === "object");
  return isOfObjects ? value.map((each, index) => [String(index + 1), each]) : null;
}

function changesBetween(old: ReadonlyMap<string, unknown>, now: ReadonlyMap<string, unknown>): FieldChange[] {
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths.flatMap((path) => {
    const [before, after] = [old.get(path), now.get(path)];
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
  });
}
