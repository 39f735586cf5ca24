import { expect, test } from "vitest";
import { parseInferRequest, type RequestRules } from "./infer-request";

const rules: RequestRules = {
  input: "features",
  features: ["distance", "hour"],
  mayMiss: [],
  output: "probabilities",
  maxRows: 4,
  featureTimeRequired: false,
};

type Body = Record<string, unknown>;
const input = (more: Body = {}) => ({ name: "features", datatype: "FP32", shape: [1, 2], data: [100, 7], ...more });

function parse(body: unknown, changed: Partial<RequestRules> = {}, text = JSON.stringify(body)) {
  const values = new Float32Array(16);
  const request = parseInferRequest(text, { ...rules, ...changed }, () => ({ values, at: 0 }));
  return { ...request, values: [...values.subarray(0, request.rows * 2)] };
}

test("copies flat and nested values and reads the id", () => {
  const flat = parse({ id: "r", inputs: [input()] });
  expect(flat).toEqual({ id: "r", rows: 1, eventTime: null, featureTime: null, values: [100, 7] });
  const nested = { shape: [2, 2], data: [[1, 2], [3, 4]] }; // biome-ignore format: two rows
  expect(parse({ inputs: [input(nested)] })).toMatchObject({ id: "", rows: 2, values: [1, 2, 3, 4] });
});

test("reads times as a number, as text, and as one value per row", () => {
  const two = [input({ shape: [2, 2], data: [1, 2, 3, 4] })];
  expect(parse({ inputs: two, parameters: { event_time: 5 } }).eventTime).toBe(5);
  expect(parse({ inputs: two, parameters: { event_time: "5" } }).eventTime).toBe(5);
  const each = parse({ inputs: two, parameters: { event_time: "5,6", feature_time: "3, 4" } });
  expect([each.eventTime, each.featureTime]).toEqual([Float64Array.of(5, 6), Float64Array.of(3, 4)]);
});

const shape = (shape: unknown, data: unknown = [1, 2]) => ({ inputs: [input({ shape, data })] });
const refused: [string, unknown, string][] = [
  ["a body that is a list", [], "request body must be an object"],
  ["an id that is a number", { id: 1, inputs: [input()] }, "'id' must be a string of at most 128 characters"],
  ["an id with NUL", { id: "a\0b", inputs: [input()] }, "'id' holds a character that cannot be stored"],
  ["half a surrogate pair", { id: "a\ud800", inputs: [input()] }, "'id' holds a character that cannot be stored"],
  ["no inputs", {}, "expected 1 input tensor, got none"],
  ["two inputs", { inputs: [input(), input()] }, "expected 1 input tensor, got 2"],
  ["an input that is null", { inputs: [null] }, "an input tensor must be an object"],
  ["another name", { inputs: [input({ name: "x" })] }, `unexpected input "x", expected 'features'`],
  ["another type", { inputs: [input({ datatype: "FP64" })] }, `input 'features': datatype "FP64", expected FP32`],
  ["another width", shape([1, 3]), "input 'features': shape [1,3], expected [-1,2]"],
  ["no rows", shape([0, 2], []), "input 'features': shape [0,2], expected [-1,2]"],
  ["a fraction of a row", shape([1.5, 2]), "input 'features': shape [1.5,2], expected [-1,2]"],
  ["no shape", shape(undefined), "input 'features': shape none, expected [-1,2]"],
  ["too many rows", shape([5, 2], Array(10).fill(0)), "input 'features': 5 rows, at most 4 per request"],
  ["too few values", shape([1, 2], [1]), "input 'features': 1 values, shape [1,2] needs 2"],
  ["values that are no list", shape([1, 2], "1,2"), "input 'features': no values, shape [1,2] needs 2"],
  ["null", shape([1, 2], [1, null]), "input 'features': row 0, 'hour' is not a finite 32-bit number"],
  ["text", shape([2, 2], [1, 2, "3", 4]), "input 'features': row 1, 'distance' is not a finite 32-bit number"],
  [
    "what 32 bits cannot hold",
    shape([1, 2], [1e39, 1]),
    "input 'features': row 0, 'distance' is not a finite 32-bit number",
  ],
  ["another output", { inputs: [input()], outputs: [{ name: "label" }] }, "'outputs' may only name 'probabilities'"],
  ["parameters that are a list", { inputs: [input()], parameters: [] }, "'parameters' must be an object"],
  [
    "a negative time",
    { inputs: [input()], parameters: { event_time: -1 } },
    "parameter 'event_time' must be whole milliseconds since 1970",
  ],
  [
    "a time that is true",
    { inputs: [input()], parameters: { event_time: true } },
    "parameter 'event_time' must be whole milliseconds since 1970",
  ],
  [
    "a date as time",
    { inputs: [input()], parameters: { feature_time: "2001-04-23" } },
    "parameter 'feature_time' must be whole milliseconds since 1970",
  ],
  [
    "two times for one row",
    { inputs: [input()], parameters: { event_time: "1,2" } },
    "parameter 'event_time': 2 values for 1 rows",
  ],
];

test.each(refused)("refuses %s with 400 and says why", (_, body, message) => {
  expect(() => parse(body)).toThrow(expect.objectContaining({ status: 400, message }));
});

test("refuses what is not JSON, NaN included", () => {
  const message = "request body is not valid JSON";
  expect(() => parse(null, {}, '{"inputs":[{"data":[NaN]}]}')).toThrow(
    expect.objectContaining({ status: 400, message }),
  );
});

test("refuses a request without feature time when the contract requires it", () => {
  expect(() => parse({ inputs: [input()] }, { featureTimeRequired: true })).toThrow(
    /^parameter 'feature_time' is required by the contract/,
  );
  const given = { inputs: [input()], parameters: { feature_time: 0 } };
  expect(parse(given, { featureTimeRequired: true }).featureTime).toBe(0);
});

test("null is a missing value where the contract allows it, and nothing else is", () => {
  const mayMiss = [true, false];
  const rows = (...data: unknown[]) => ({ inputs: [input({ shape: [data.length / 2, 2], data })] });
  expect(parse(rows(null, 7, 5, 8), { mayMiss }).values).toEqual([Number.NaN, 7, 5, 8]);
  const refusal = (feature: string) => `input 'features': row 1, '${feature}' is not a finite 32-bit number`;
  expect(() => parse(rows(1, 2, null, null), { mayMiss })).toThrow(refusal("hour"));
  expect(() => parse(rows(1, 2, "NaN", 1), { mayMiss })).toThrow(refusal("distance"));
  expect(() => parse(rows(1, 2, 1e39, 1), { mayMiss })).toThrow(refusal("distance"));
});
