import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { type Json, keyOf, type Manifest, objectOf } from "@/lib/serving/manifest";
import { everyManifest } from "@/lib/serving/test-clusters";
import type { Schema } from "@/lib/serving/test-schema";

// npx tsx rules/refresh-schemas.ts FOLDER
// FOLDER: the custom resources of the versions in lib/serving/crd-schemas/README.md as YAML, and Kubernetes' swagger.json. Writes the schema of every kind that
// we make there, without what none of our objects uses and without descriptions.

type Definition = Schema & { readonly $ref?: string };
type Found = { readonly schema: Definition; readonly definitions: Readonly<Record<string, Definition>> };

/** Facts of a schema that are checked. Rules in CEL, defaults and words are not. */
const KEPT = [
  ...[
    "type",
    "format",
    "required",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
  ],
  ...[
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "nullable",
    "x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields",
  ],
] as const;

function main([folder]: readonly string[]): void {
  if (folder === undefined) throw new Error("say the folder of the custom resources");
  const known = schemasIn(folder);
  const byKind = new Map<string, Json[]>();
  for (const manifest of everyManifest()) {
    const name = nameOf(manifest);
    byKind.set(name, [...(byKind.get(name) ?? []), objectOf(manifest)]);
  }
  for (const [name, objects] of byKind) {
    const found = known.get(name);
    if (!found) throw new Error(`${folder} has no ${name}`);
    const { properties, required, ...rest } = found.schema;
    const schema = { ...rest, properties: body(properties ?? {}), required: (required ?? []).filter(isBody) };
    const pruned = prune(
      schema,
      objects.map((each) => body(each as Members) as Json),
      found.definitions,
    );
    const file = path.join(import.meta.dirname, "../lib/serving/crd-schemas", `${name.replaceAll("/", "_")}.json`);
    writeFileSync(file, `${JSON.stringify(pruned, null, 1)}\n`);
  }
}

type Members = Readonly<Record<string, Json>>;

/** What every object has is the API server's. */
const isBody = (name: string) => !["apiVersion", "kind", "metadata"].includes(name);

function body<T>(members: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => isBody(name)));
}

function nameOf(manifest: Manifest): string {
  const { apiVersion, kind } = keyOf(manifest);
  return `${apiVersion}/${kind}`;
}

function schemasIn(folder: string): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(path.join(folder, file), "utf8");
    if (file.endsWith(".json")) addBuiltIn(found, parse(text).definitions);
    else for (const document of parseAllDocuments(withoutTemplates(text))) addCustom(found, document.toJS());
  }
  return found;
}

/** Helm's lines are about labels and annotations. */
const withoutTemplates = (text: string) => text.replaceAll(/^.*\{\{.*\}\}.*$/gm, "");

function addBuiltIn(into: Map<string, Found>, definitions: Record<string, Definition>): void {
  for (const schema of Object.values(definitions)) {
    const kinds = (schema as Record<string, unknown>)["x-kubernetes-group-version-kind"] ?? [];
    for (const { group, version, kind } of kinds as { group: string; version: string; kind: string }[]) {
      into.set(`${group ? `${group}/` : ""}${version}/${kind}`, { schema, definitions });
    }
  }
}

function addCustom(into: Map<string, Found>, document: { kind?: string; spec?: never } | null): void {
  if (document?.kind !== "CustomResourceDefinition") return;
  const { group, names, versions } = document.spec as unknown as {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
  };
  for (const { name, schema } of versions) {
    into.set(`${group}/${name}/${names.kind}`, { schema: schema.openAPIV3Schema, definitions: {} });
  }
}

/** The schema without the fields that none of the values has. */
function prune(at: Definition, values: readonly Json[], definitions: Found["definitions"]): Schema {
  const schema = at.$ref ? (definitions[at.$ref.replace("#/definitions/", "")] ?? {}) : at;
  const kept: Record<string, unknown> = {};
  for (const key of KEPT) if (schema[key] !== undefined) kept[key] = schema[key];
  const { items, additionalProperties, properties } = schema;
  const objects = values.filter(
    (each) => typeof each === "object" && each !== null && !Array.isArray(each),
  ) as object[];
  if (items) kept.items = prune(items, values.filter((each) => Array.isArray(each)).flat(), definitions);
  if (typeof additionalProperties === "object") {
    kept.additionalProperties = prune(
      additionalProperties,
      objects.flatMap((each) => Object.values(each)),
      definitions,
    );
  } else if (additionalProperties !== undefined) kept.additionalProperties = additionalProperties;
  if (properties) {
    const used = Object.keys(properties).filter((name) => objects.some((each) => name in each));
    kept.properties = Object.fromEntries(
      used.map((name) => [
        name,
        prune(
          properties[name] ?? {},
          objects.flatMap((each) => membersOf(each, name)),
          definitions,
        ),
      ]),
    );
  }
  return kept;
}

function membersOf(object: object, name: string): Json[] {
  const value = (object as Record<string, Json | undefined>)[name];
  return value === undefined ? [] : [value];
}

main(process.argv.slice(2));
