/** Owners of fields, as far as a server in memory keeps them: maps by key, lists as a whole. */

export type Fields = Readonly<Record<string, unknown>>;
export type Entry = { manager: string; operation: "Apply" | "Update"; fields: string[] };
export type Stored = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    uid: string;
    resourceVersion: string;
    generation: number;
    creationTimestamp: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string }[];
    managedFields: Entry[];
  };
  [key: string]: unknown;
};

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What an applied object says of itself is no field of it. */
const IDENTITY = new Set(["apiVersion", "kind"]);
const IDENTITY_OF_METADATA = new Set([
  "name",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
  "ownerReferences",
]);

/** Paths of all values, as `["spec","replicas"]` in JSON. */
export function leaves(object: Fields, path: readonly string[] = []): string[] {
  return Object.entries(object).flatMap(([key, value]) => {
    if (path.length === 0 && IDENTITY.has(key)) return [];
    if (path.length === 1 && path[0] === "metadata" && IDENTITY_OF_METADATA.has(key)) return [];
    const isBranch =
      value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0;
    return isBranch ? leaves(value as Fields, [...path, key]) : [JSON.stringify([...path, key])];
  });
}

export function differences(before: Stored, after: Stored): string[] {
  return [...new Set([...leaves(before), ...leaves(after)])].filter(
    (field) => !same(at(before, field), at(after, field)),
  );
}

export function at(object: unknown, field: string): unknown {
  const path = JSON.parse(field) as string[];
  return path.reduce<unknown>((value, key) => (value as Fields | undefined)?.[key], object);
}

export function put(object: Stored, field: string, value: unknown): void {
  const path = JSON.parse(field) as string[];
  const last = path.pop() ?? "";
  let part = object as Record<string, unknown>;
  for (const key of path) {
    part[key] ??= {};
    part = part[key] as Record<string, unknown>;
  }
  if (value === undefined) delete part[last];
  else part[last] = structuredClone(value);
}

export function own({ metadata }: Stored, entry: Entry): void {
  const held = metadata.managedFields.find(
    ({ manager, operation }) => manager === entry.manager && operation === entry.operation,
  );
  if (held) held.fields = [...new Set([...held.fields, ...entry.fields])];
  else metadata.managedFields.push(entry);
}
