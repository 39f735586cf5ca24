import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { toOpenApi } from "./open-api";
import { OPERATIONS } from "./operations";

const API = path.resolve(import.meta.dirname, "..");

/** Every `METHOD /path` of the routes; HEAD is GET without a body. */
async function routes(): Promise<string[]> {
  const entries = await readdir(path.join(API, "v1"), { recursive: true, withFileTypes: true });
  const files = entries
    .filter(({ name }) => name === "route.ts")
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, "utf8");
      const address = `/api/${path.relative(API, path.dirname(file))}`.replaceAll("[", "{").replaceAll("]", "}");
      const methods = [...text.matchAll(/^export (?:const|(?:async )?function) (GET|POST|PUT|PATCH|DELETE)\b/gm)];
      return methods.map((match) => `${match[1]} ${address}`);
    }),
  );
  return found.flat().sort();
}

type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object };
type Documented = {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: object }>> }>
  >;
};
type Document = {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
};
const document = toOpenApi(OPERATIONS) as Document;
const at = (method: string, address: string) => {
  const found = document.paths[address]?.[method];
  if (!found) throw new Error(`${method} ${address} is not described`);
  return found;
};

test("every route is described, and nothing that is no route", async () => {
  const described = OPERATIONS.map(({ method, path: address }) => `${method.toUpperCase()} ${address}`).sort();
  expect(described).toEqual(await routes());
});

test("every operation has one id, and says what it answers", () => {
  const ids = OPERATIONS.map(({ operation }) => operation.name);
  expect(new Set(ids).size).toBe(ids.length);
  const silent = OPERATIONS.filter(({ operation, answers }) => !operation.output && answers !== "binary");
  expect(silent.map(({ operation }) => operation.name)).toEqual([]);
});

test("what travels in the path is no part of the body, and the rest of a GET is its query", () => {
  const register = at("post", "/api/v1/models/{name}/versions");
  expect(register.parameters.map(({ name, in: place }) => `${place} ${name}`)).toEqual(["path name"]);
  expect(register.requestBody?.content["application/json"]?.schema).toMatchObject({
    required: ["files", "schema", "evaluation", "dataset", "codeRevision"],
  });
  expect(Object.keys(register.responses)).toEqual(["202", "default"]);
  const list = at("get", "/api/v1/models/{name}/versions");
  expect(list.parameters).toContainEqual({
    name: "limit",
    in: "query",
    required: false,
    schema: { type: "integer", minimum: 1, maximum: 200, default: 50 },
  });
  expect(list.requestBody).toBeUndefined();
});

test("an input made of alternatives keeps them", () => {
  const body = at("post", "/api/v1/use-cases/{slug}/contracts").requestBody?.content["application/json"]?.schema;
  expect(JSON.stringify(body)).toContain('"const":"archetype"');
  expect(JSON.stringify(body)).not.toContain('"slug"');
});

test("uploads and labels have their own kinds of body", () => {
  expect(at("put", "/api/v1/artifacts/{sha256}").requestBody?.content).toHaveProperty("application/octet-stream");
  expect(at("post", "/api/v1/ground-truth").requestBody?.content).toHaveProperty("application/x-ndjson");
});

test("the document is plain JSON", () => {
  expect(document.openapi).toBe("3.1.0");
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});
