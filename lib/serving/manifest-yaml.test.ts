import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { by, type Json, objectOf, Printed, Stated } from "./manifest";
import { yamlOf, yamlOfAll } from "./manifest-yaml";
import { everyManifest } from "./test-clusters";

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("yes", "No", "~", "1e3", ".5", "- a", "a: b", "a #b", "#", "'", '"', "\n"),
    ),
    fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("the YAML of any value reads as that value", () => {
  fc.assert(
    fc.property(json, (value) => {
      const object = { value: by("clause", value) };
      expect(parse(yamlOf(object))).toEqual(JSON.parse(JSON.stringify(objectOf(object))));
    }),
    { numRuns: 500 },
  );
});

test("the YAML of manifests reads as the objects, one after the other", () => {
  const manifests = everyManifest().slice(0, 60);
  const documents = parseAllDocuments(yamlOfAll(manifests));
  expect(documents.map((each) => each.toJS())).toEqual(manifests.map(objectOf));
});

test("each line says its clause, those of a file within an object too", () => {
  const file = new Printed({ size: new Stated(3, "serving") }, () => "size: 3  # serving\n");
  const object = {
    kind: new Stated("A", "identity"),
    rules: [{ at: new Stated("10", "p99"), by: new Stated(1, "p95") }],
    file,
  };
  expect(yamlOf(object)).toBe(
    [
      "kind: A # identity",
      "rules:",
      '  - at: "10" # p99',
      "    by: 1 # p95",
      "file: |",
      "  size: 3  # serving",
      "",
    ].join("\n"),
  );
});
