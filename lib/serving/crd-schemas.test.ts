import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { keyOf, type Manifest, objectOf } from "@/lib/serving/manifest";
import { everyManifest } from "@/lib/serving/test-clusters";
import { problemsOf, type Schema } from "@/lib/serving/test-schema";

/** Every kind that we make, checked against its schema; see crd-schemas/README.md. */
function schemaOf(manifest: Manifest): Schema | null {
  const { apiVersion, kind } = keyOf(manifest);
  const file = new URL(`crd-schemas/${`${apiVersion}/${kind}`.replaceAll("/", "_")}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

const byKind = new Map<string, Manifest[]>();
for (const manifest of everyManifest()) {
  const { apiVersion, kind } = keyOf(manifest);
  byKind.set(`${apiVersion} ${kind}`, [...(byKind.get(`${apiVersion} ${kind}`) ?? []), manifest]);
}

describe("fits its schema, with no field that the schema does not know", () => {
  test.each([...byKind])("%s", (_, manifests) => {
    const problems = manifests.flatMap((manifest) => {
      const schema = schemaOf(manifest);
      const { apiVersion: _, kind: __, metadata: ___, ...body } = objectOf(manifest) as Record<string, never>;
      return schema ? problemsOf(schema, body, keyOf(manifest).name) : ["there is no schema of it"];
    });
    expect([...new Set(problems)]).toEqual([]);
  });

  test.each([...byKind])("%s: metadata has a name, a namespace, and labels and annotations of text", (_, manifests) => {
    for (const manifest of manifests) {
      const { metadata } = objectOf(manifest) as { metadata: Record<string, Record<string, string>> };
      const { name, namespace, labels = {}, annotations = {}, ...rest } = metadata;
      expect(rest).toEqual({});
      const texts = [name, namespace, ...Object.values(labels), ...Object.values(annotations)];
      expect(texts.filter((each) => typeof each !== "string")).toEqual([]);
      const values = Object.values<string>(labels);
      expect(values.filter((each) => !/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(each))).toEqual([]);
    }
  });
});

test("the schemas refuse what they should", () => {
  const service = [...byKind].find(([name]) => name.endsWith(" InferenceService"))?.[1][0];
  const schema = service && schemaOf(service);
  if (!schema) throw new Error("there is no schema of InferenceService");
  const of = (spec: object) => problemsOf(schema, { spec: spec as never }, "s");
  expect(of({ predictor: { replicas: 2 } })).toEqual(["s.spec.predictor.replicas: is not known"]);
  expect(of({ predictor: { minReplicas: "2" } })).toEqual(["s.spec.predictor.minReplicas: is string, not integer"]);
  expect(of({ predictor: { storageUris: [{ mountPath: "models" }] } })).toEqual([
    "s.spec.predictor.storageUris[0].uri: is missing",
    "s.spec.predictor.storageUris[0].mountPath: does not match ^/.*",
  ]);
  expect(of({})).toEqual(["s.spec.predictor: is missing"]);
});
