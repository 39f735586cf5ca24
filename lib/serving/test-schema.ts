import type { Json } from "@/lib/serving/manifest";

/** The part of OpenAPI v3 that custom resources use. Rules in CEL are the API server's. */
export type Schema = {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly nullable?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
};

/** What is wrong with a value, each with its path. Fields that the schema does not know are wrong. */
export function problemsOf(schema: Schema, value: Json, path: string): string[] {
  if (value === null) return schema.nullable ? [] : [`${path}: is null`];
  return [
    ...typeProblems(schema, value, path),
    ...boundProblems(schema, value, path),
    ...combinedProblems(schema, value, path),
    ...memberProblems(schema, value, path),
  ];
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function typeOf(value: Json): string {
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function typeProblems(schema: Schema, value: Json, path: string): string[] {
  const found = typeOf(value);
  if (schema["x-kubernetes-int-or-string"] || schema.format === "int-or-string") {
    return found === "integer" || found === "string" ? [] : [`${path}: is ${found}, not integer or string`];
  }
  const { type } = schema;
  if (type === undefined || type === found || (type === "number" && found === "integer")) return [];
  return [`${path}: is ${found}, not ${type}`];
}

function boundProblems(schema: Schema, value: Json, path: string): string[] {
  const found: string[] = [];
  const check = (ok: boolean, what: string) => ok || found.push(`${path}: ${what}`);
  check(
    !schema.enum || schema.enum.includes(value),
    `${JSON.stringify(value)} is none of ${JSON.stringify(schema.enum)}`,
  );
  if (typeof value === "number") {
    check(value >= (schema.minimum ?? value), `is below ${schema.minimum}`);
    check(value <= (schema.maximum ?? value), `is above ${schema.maximum}`);
  }
  if (typeof value === "string") {
    check(!schema.pattern || new RegExp(schema.pattern).test(value), `does not match ${schema.pattern}`);
    check(value.length >= (schema.minLength ?? 0), `is shorter than ${schema.minLength}`);
    check(value.length <= (schema.maxLength ?? value.length), `is longer than ${schema.maxLength}`);
  }
  if (Array.isArray(value)) {
    check(value.length >= (schema.minItems ?? 0), `has less than ${schema.minItems} members`);
    check(value.length <= (schema.maxItems ?? value.length), `has more than ${schema.maxItems} members`);
  }
  return found;
}

/** Junctions of schemas say what must be there; which fields there are is said beside them. */
function combinedProblems({ oneOf, anyOf, allOf, not }: Schema, value: Json, path: string): string[] {
  const fits = (schema: Schema) =>
    [...typeProblems(schema, value, path), ...boundProblems(schema, value, path), ...missing(schema, value, path)]
      .length === 0 && combinedProblems(schema, value, path).length === 0;
  const found: string[] = [];
  if (oneOf && oneOf.filter(fits).length !== 1)
    found.push(`${path}: fits ${oneOf.filter(fits).length} of ${oneOf.length}, not one`);
  if (anyOf && !anyOf.some(fits)) found.push(`${path}: fits none of ${anyOf.length}`);
  if (allOf && !allOf.every(fits)) found.push(`${path}: does not fit all of ${allOf.length}`);
  if (not && fits(not)) found.push(`${path}: is what it must not be`);
  return found;
}

function missing({ required = [] }: Schema, value: Json, path: string): string[] {
  return isObject(value)
    ? required.filter((name) => !(name in value)).map((name) => `${path}.${name}: is missing`)
    : [];
}

function memberProblems(schema: Schema, value: Json, path: string): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((each: Json, i) => problemsOf(items, each, `${path}[${i}]`)) : [];
  }
  if (!isObject(value)) return [];
  const unknown = schema["x-kubernetes-preserve-unknown-fields"] ?? schema.additionalProperties ?? false;
  const each = Object.entries(value).flatMap(([name, member]) => {
    const known = schema.properties?.[name];
    if (known) return problemsOf(known, member, `${path}.${name}`);
    if (typeof unknown === "object") return problemsOf(unknown, member, `${path}.${name}`);
    return unknown ? [] : [`${path}.${name}: is not known`];
  });
  return [...missing(schema, value, path), ...each];
}
