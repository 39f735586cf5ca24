import fc from "fast-check";
import { expect, test } from "vitest";
import { NotOnnx, readOnnxFile } from "@/lib/registry/onnx-file";
import { testModel } from "@/runtime/test-model";

const read = (bytes: Buffer) =>
  readOnnxFile({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) });

const leb = (n: number): number[] => (n < 128 ? [n] : [(n % 128) | 128, ...leb(Math.floor(n / 128))]);
const field = (tag: number, ...content: (Buffer | string)[]) => {
  const inner = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([...leb(tag * 8 + 2), ...leb(inner.length)]), inner]);
};
const number = (tag: number, n: number) => Buffer.from([...leb(tag * 8), ...leb(n)]);

const model = testModel({ features: 3 });
const entry = field(13, field(1, "location"), field(2, "weights.bin"));
const external = Buffer.concat([field(8, "w"), entry, number(14, 1)]);
const found = { tensor: "w", location: "weights.bin" };

test("a whole model tells its versions and has no data elsewhere", () => {
  expect(read(model)).toMatchObject({
    irVersion: 8,
    producer: "",
    opsets: [{ domain: "", version: 13 }],
    external: null,
  });
});

test("operators are counted by domain and type, those inside of branches and functions too", () => {
  const node = (type: string, domain: string, ...attributes: Buffer[]) =>
    field(1, field(4, type), ...attributes.map((each) => field(5, each)), ...(domain ? [field(7, domain)] : []));
  const trees = node("TreeEnsembleClassifier", "ai.onnx.ml");
  const branch = field(6, node("Add", ""));
  const graph = field(7, node("If", "com.example", branch), trees, trees);
  const body = field(25, field(7, field(4, "Mul")));
  const { operators } = read(Buffer.concat([graph, body, field(8, number(2, 13))]));
  expect(operators).toEqual([
    { domain: "ai.onnx.ml", type: "TreeEnsembleClassifier", count: 2 },
    { domain: "", type: "Add", count: 1 },
    { domain: "com.example", type: "If", count: 1 },
    { domain: "", type: "Mul", count: 1 },
  ]);
});

test.each([
  ["an initializer", field(7, field(5, external))],
  ["a constant of a node", field(7, field(1, field(5, field(5, external))))],
  ["a list of tensors of a node", field(7, field(1, field(5, field(10, external))))],
  ["a branch of a node", field(7, field(1, field(5, field(6, field(5, external)))))],
  ["the values of a sparse tensor", field(7, field(15, field(1, external)))],
  ["a node of a function", field(25, field(7, field(5, field(5, external))))],
  ["the training part", field(20, field(1, field(5, external)))],
])("data elsewhere is found in %s", (_where, part) => {
  expect(read(Buffer.concat([model, part])).external).toEqual(found);
});

test("data elsewhere is found by its mark alone, and by its place alone", () => {
  const mark = field(7, field(5, field(8, "w"), number(14, 1)));
  expect(read(Buffer.concat([model, mark])).external).toEqual({ tensor: "w", location: "" });
  expect(read(Buffer.concat([model, field(7, field(5, field(8, "w"), entry))])).external).toEqual(found);
});

test("a file that is cut off anywhere is refused", () => {
  const whole = testModel({ features: 3 });
  for (let length = 0; length < whole.length; length++) {
    expect(() => read(whole.subarray(0, length))).toThrow(NotOnnx);
  }
});

test("no bytes make it loop, overflow or throw anything else", () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(fc.nat(model.length - 1), fc.nat(255)).map(([at, byte]) => {
      const damaged = Uint8Array.from(model);
      damaged[at] = byte;
      return damaged;
    }),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      try {
        read(Buffer.from(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(NotOnnx);
      }
    }),
    { numRuns: 2000 },
  );
});

test("graphs nested without end are refused", () => {
  let part = external;
  for (let depth = 0; depth < 200; depth++) part = field(6, field(1, field(5, part)));
  expect(() => read(Buffer.concat([model, field(7, field(1, field(5, part)))]))).toThrow("nested deeper");
});
