import type { ServingSpec, SpecLeaf } from "@/lib/serving/schema";

/** The leaf of a path; undefined: the specification does not speak of it. */
export function leafAt({ leaves }: ServingSpec, path: string): SpecLeaf | undefined {
  return leaves.find((each) => each.path === path);
}

/** Whether the specification says anything at or below this path. */
export function speaksOf({ leaves }: ServingSpec, path: string): boolean {
  return leaves.some((each) => each.path === path || each.path.startsWith(`${path}.`));
}

type Nested = { [key: string]: unknown };

/** What stands below a path as one object; empty: nothing does. Lists stay lists; members of lists of objects have their number as key. */
export function nestedBelow({ leaves }: ServingSpec, path: string): Nested {
  const nested: Nested = {};
  for (const leaf of leaves) {
    if (leaf.path.startsWith(`${path}.`)) put(nested, leaf.path.slice(path.length + 1).split("."), leaf.value);
  }
  return nested;
}

function put(into: Nested, [key = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into[key] = value;
  else {
    into[key] ??= {};
    put(into[key] as Nested, rest, value);
  }
}

/** Throws `RangeError` for a specification that lacks the value: it was not compiled. */
export function valueAt(spec: ServingSpec, path: string): SpecLeaf["value"] {
  const leaf = leafAt(spec, path);
  if (!leaf) throw new RangeError(`the specification has no ${path}`);
  return leaf.value;
}

export function numberAt(spec: ServingSpec, path: string): number {
  const value = valueAt(spec, path);
  if (typeof value !== "number") throw new RangeError(`${path} of the specification is no number`);
  return value;
}

export function textAt(spec: ServingSpec, path: string): string {
  const value = valueAt(spec, path);
  if (typeof value !== "string") throw new RangeError(`${path} of the specification is no text`);
  return value;
}

/** The clauses that promise this metric, by their ids. */
export function rulesOf(
  spec: ServingSpec,
  metric: string,
): readonly { readonly id: string; readonly target: number }[] {
  return spec.leaves
    .filter(({ path, clause, value }) => path === `rules.${clause}.metric` && value === metric)
    .map(({ clause }) => ({ id: clause, target: numberAt(spec, `rules.${clause}.target`) }));
}
