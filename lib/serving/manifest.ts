/** A value of a manifest, and the clause that asks for it (or `identity`, `interface`, `serving`, `failureMode`, `rollout`, `cluster`). */
export class Stated {
  constructor(
    readonly value: Scalar,
    readonly clause: string,
  ) {}
}

/** A text in a manifest that is made from parts, for example a file in a ConfigMap: its leaves are those of the parts. */
export class Printed {
  constructor(
    readonly part: Part,
    readonly print: (part: Part) => string,
  ) {}
}

export type Scalar = string | number | boolean | null;
export type Json = Scalar | readonly Json[] | { readonly [key: string]: Json | undefined };
/** A manifest or a part of it. What is undefined is left out. */
export type Part = Stated | Printed | readonly Part[] | { readonly [key: string]: Part | undefined };

/** An object for the Kubernetes API: every leaf has its clause. */
export type Manifest = { readonly [key: string]: Part | undefined };

export type ManifestLeaf = { readonly path: string; readonly value: Scalar; readonly clause: string };

/** Which object of a cluster: unique in it. */
export type ObjectKey = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Null: the kind belongs to no namespace. */
  readonly namespace: string | null;
};

/** Every leaf of a plain value under one clause. */
export function by(clause: string, value: Json): Part {
  if (value === null || typeof value !== "object") return new Stated(value, clause);
  if (Array.isArray(value)) return value.map((each: Json) => by(clause, each));
  const entries = Object.entries(value).map(([key, each]) => [key, each === undefined ? undefined : by(clause, each)]);
  return Object.fromEntries(entries);
}

export const isList = (part: Part): part is readonly Part[] => Array.isArray(part);

/** The plain object, as the API takes it. */
export function objectOf(part: Part): Json {
  if (part instanceof Stated) return part.value;
  if (part instanceof Printed) return part.print(part.part);
  if (isList(part)) return part.map(objectOf);
  const entries = Object.entries(part).flatMap(([key, each]) => (each === undefined ? [] : [[key, objectOf(each)]]));
  return Object.fromEntries(entries);
}

/** All leaves in the order of the manifest; a path is spelled `spec.rules[0].weight`. */
export function leavesOf(part: Part, path = ""): ManifestLeaf[] {
  if (part instanceof Stated) return [{ path, value: part.value, clause: part.clause }];
  if (part instanceof Printed) return leavesOf(part.part, path);
  if (isList(part)) return part.flatMap((each, i) => leavesOf(each, `${path}[${i}]`));
  return Object.entries(part).flatMap(([key, each]) =>
    each === undefined ? [] : leavesOf(each, path === "" ? key : `${path}.${key}`),
  );
}

/** Which object a manifest is. Throws `RangeError` where it does not say. */
export function keyOf(manifest: Manifest): ObjectKey {
  const { apiVersion, kind, metadata } = objectOf(manifest) as Record<string, Record<string, unknown> | string>;
  const { name, namespace = null } = (typeof metadata === "object" ? metadata : {}) as Record<string, unknown>;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") {
    throw new RangeError("a manifest says apiVersion, kind and metadata.name");
  }
  return { apiVersion, kind, name, namespace: typeof namespace === "string" ? namespace : null };
}
