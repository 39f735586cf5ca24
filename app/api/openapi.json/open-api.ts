import { z } from "zod";
import { type Permission, rolesWith } from "@/lib/auth/permissions";

/** What the description needs of an operation; every operation has it. */
type Callable = {
  readonly name: string;
  readonly permission: Permission;
  readonly input: z.ZodType;
  readonly output: z.ZodType | undefined;
};

export type Described = {
  readonly method: "get" | "post" | "put" | "delete";
  /** With parameters in braces. */
  readonly path: string;
  readonly operation: Callable;
  readonly summary: string;
  /** Of success; 200 unless told. */
  readonly status?: 200 | 201 | 202;
  /** The body where it is no JSON document made of the operation's input. */
  readonly body?: "binary" | { readonly ndjson: z.ZodType };
  readonly answers?: "binary" | "yaml";
};

type Json = Readonly<Record<string, unknown>>;
const COMBINED = ["allOf", "anyOf", "oneOf"] as const;
type JsonSchema = {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
} & { readonly [K in (typeof COMBINED)[number]]?: readonly JsonSchema[] };

/** The OpenAPI 3.1 document of these operations. Schemas come from zod: what is described is what is checked. */
export function toOpenApi(operations: readonly Described[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const each of operations) {
    paths[each.path] ??= {};
    Object.assign(paths[each.path] ?? {}, { [each.method]: operationObject(each) });
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Proviso",
      version: "1",
      description:
        "Every list takes limit (1 to 200) and the opaque cursor of the page before. Every refusal is problem+json with a stable code.",
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", description: "An API token (pvs_…)." } },
      schemas: { Problem: PROBLEM },
      responses: {
        Problem: {
          description: "Refused: code and detail say why, errors by field",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

/** RFC 9457, as lib/route.ts writes it. */
const PROBLEM = {
  type: "object",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: {
      type: "string",
      enum: [
        "invalid",
        "unauthenticated",
        "forbidden",
        "not_found",
        "conflict",
        "precondition",
        "unavailable",
        "internal",
      ],
    },
    detail: { type: "string" },
    errors: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
    details: { description: "Data of the refusal, for example a difference" },
    instance: { type: "string", description: "Finds the log line of an internal error" },
  },
};

function operationObject({ method, path, operation, summary, status = 200, body, answers }: Described): Json {
  const input = schemaOf(operation.input, "input");
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const inQuery =
    method === "get" || method === "delete" ? fieldNames(input).filter((name) => !inPath.includes(name)) : [];
  const sent = method === "get" || method === "delete" ? null : bodyOf(input, inPath, body);
  return {
    operationId: operation.name,
    summary,
    description: `Needs the permission ${operation.permission} (role ${rolesWith(operation.permission).join(", ")}).`,
    parameters: [
      ...inPath.map((name) => ({ name, in: "path", required: true, schema: fieldOf(input, name) })),
      ...inQuery.map((name) => ({
        name,
        in: "query",
        required: isRequired(input, name),
        schema: fieldOf(input, name),
      })),
    ],
    ...(sent && { requestBody: { required: true, content: sent } }),
    responses: { [status]: success(operation, answers), default: { $ref: "#/components/responses/Problem" } },
  };
}

function success({ output }: Callable, answers: Described["answers"]): Json {
  if (answers === "binary") return { description: "The bytes", content: { "application/octet-stream": {} } };
  if (answers === "yaml") return { description: "The document", content: { "application/yaml": {} } };
  if (!output) return { description: "Done", content: { "application/json": {} } };
  return { description: "Done", content: { "application/json": { schema: schemaOf(output, "output") } } };
}

function bodyOf(input: JsonSchema, inPath: readonly string[], body: Described["body"]): Json | null {
  if (body === "binary") return { "application/octet-stream": {} };
  if (body) return { "application/x-ndjson": { schema: schemaOf(body.ndjson, "input") } };
  const rest = without(input, inPath);
  return rest ? { "application/json": { schema: rest } } : null;
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest as JsonSchema;
}

/** The schema and those it is combined of: fields may stand in each. */
const partsOf = (schema: JsonSchema): readonly JsonSchema[] => [
  schema,
  ...COMBINED.flatMap((key) => (schema[key] ?? []).flatMap(partsOf)),
];
const fieldNames = (schema: JsonSchema) => [
  ...new Set(partsOf(schema).flatMap(({ properties }) => Object.keys(properties ?? {}))),
];
const isRequired = (schema: JsonSchema, name: string) =>
  partsOf(schema).some(({ required }) => required?.includes(name));
const fieldOf = (schema: JsonSchema, name: string) =>
  partsOf(schema).flatMap(({ properties }) => properties?.[name] ?? [])[0] ?? { type: "string" };

/** The schema without the fields that travel in the path; null when nothing is left. */
function without(schema: JsonSchema, names: readonly string[]): JsonSchema | null {
  const { properties, required, ...rest } = schema;
  const kept = Object.entries(properties ?? {}).filter(([name]) => !names.includes(name));
  const needed = required?.filter((name) => !names.includes(name)) ?? [];
  const combined = COMBINED.flatMap((key) => {
    const parts = schema[key]?.flatMap((part) => without(part, names) ?? []) ?? [];
    return parts.length > 0 ? [[key, parts] as const] : [];
  });
  if (kept.length === 0 && combined.length === 0) return null;
  return {
    ...rest,
    ...(kept.length > 0 && { properties: Object.fromEntries(kept) }),
    ...(needed.length > 0 && { required: needed }),
    ...Object.fromEntries(combined),
  };
}
