import { expect, test } from "vitest";
import { misfits } from "@/lib/registry/model-fit";
import type { ModelSchema } from "@/lib/registry/model-schema";

const declared: ModelSchema = {
  inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2], features: ["a", "b"] }],
  outputs: [{ name: "p", datatype: "FP32", shape: [-1, 2] }],
};
const opened = {
  inputs: [{ name: "x", datatype: "FP32", shape: ["batch", 2] }],
  outputs: [
    { name: "p", datatype: "FP32", shape: ["", 2] },
    { name: "label", datatype: "INT64", shape: [""] },
  ],
};

test("what is declared and what is there fit, also where the model leaves an axis or an output open", () => {
  expect(misfits(declared, opened)).toEqual([]);
  expect(misfits(declared, { ...opened, outputs: [{ name: "p", datatype: "FP32", shape: [] }] })).toEqual([]);
  expect(misfits(declared, { ...opened, inputs: [{ name: "x", datatype: "FP32", shape: ["", ""] }] })).toEqual([]);
});

test.each([
  [
    "another width",
    { inputs: [{ name: "x", datatype: "FP32", shape: ["", 3] }] },
    "declares the shape [-1, 2], the model has [-1, 3]",
  ],
  ["a fixed batch", { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2] }] }, "the model has [1, 2]"],
  ["another rank", { inputs: [{ name: "x", datatype: "FP32", shape: [2] }] }, "the model has [2]"],
  ["another type", { inputs: [{ name: "x", datatype: "FP64", shape: ["", 2] }] }, "declares FP32, the model has FP64"],
  [
    "another name",
    { inputs: [{ name: "y", datatype: "FP32", shape: ["", 2] }] },
    "declares an input x; the inputs of the model are: y",
  ],
  ["a missing output", { outputs: [] }, "declares an output p; the outputs of the model are: none"],
])("%s is told", (_what, change, message) => {
  expect(misfits(declared, { ...opened, ...change }).join()).toContain(message);
});

test("an input that nobody feeds is told", () => {
  const inputs = [...opened.inputs, { name: "mask", datatype: "BOOL", shape: [1] }];
  expect(misfits(declared, { ...opened, inputs })).toEqual([
    "the model needs an input mask that model.json does not declare",
  ]);
});

test("feature names that do not fit the columns are told", () => {
  const three = {
    ...declared,
    inputs: [{ name: "x", datatype: "FP32" as const, shape: [-1, 2], features: ["a", "b", "c"] }],
  };
  expect(misfits(three, opened)).toEqual(["input x: model.json names 3 features for 2 columns"]);
});
