import { Refusal, type RefusalReason } from "./refusal";
import { type RowTimes, readRowTimes } from "./row-times";

/** What a revision accepts. */
export type RequestRules = {
  input: string;
  features: readonly string[];
  /** By feature: whether null is taken as a missing value (NaN); a feature beyond the end may not be missing. */
  mayMiss: readonly boolean[];
  /** The one output that is answered. */
  output: string;
  maxRows: number;
  featureTimeRequired: boolean;
};

export type InferRequest = { id: string; rows: number; eventTime: RowTimes; featureTime: RowTimes };

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const bad = (reason: RefusalReason, text: string) => new Refusal(400, reason, text);

/**
 * Checks a body of the Open Inference Protocol (JSON) and copies its numbers into the buffer that `room(rows)` hands out.
 * By hand and not by a schema: the texts name the feature and row, and checking and copying are one pass over the numbers.
 * @throws Refusal 400 with a text made for the caller, or what `room` throws
 */
export function parseInferRequest(
  text: string,
  rules: RequestRules,
  room: (rows: number) => { values: Float32Array; at: number },
): InferRequest {
  const body = parseJson(text);
  const id = body.id ?? "";
  if (typeof id !== "string" || id.length > 128) throw bad("body", "'id' must be a string of at most 128 characters");
  // The store ends a text at NUL and has no half of a surrogate pair: the id in a report would be another one.
  if (id.includes("\0") || !id.isWellFormed()) throw bad("body", "'id' holds a character that cannot be stored");
  const tensor = onlyInput(body.inputs, rules);
  const rows = rowCount(tensor, rules);
  checkOutputs(body.outputs, rules);
  const times = readTimes(body.parameters, rows, rules);
  const { values, at } = room(rows);
  copyValues(tensor.data, rows, rules, values, at);
  return { id, rows, ...times };
}

function parseJson(text: string): Fields {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw bad("body", "request body is not valid JSON");
  }
  if (!isFields(body)) throw bad("body", "request body must be an object");
  return body;
}

function onlyInput(inputs: unknown, rules: RequestRules): Fields {
  if (!Array.isArray(inputs) || inputs.length !== 1) {
    throw bad("tensor", `expected 1 input tensor, got ${Array.isArray(inputs) ? inputs.length : "none"}`);
  }
  const tensor: unknown = inputs[0];
  if (!isFields(tensor)) throw bad("tensor", "an input tensor must be an object");
  if (tensor.name !== rules.input) {
    throw bad("tensor", `unexpected input ${quoted(tensor.name)}, expected '${rules.input}'`);
  }
  if (tensor.datatype !== "FP32") {
    throw bad("tensor", `input '${rules.input}': datatype ${quoted(tensor.datatype)}, expected FP32`);
  }
  return tensor;
}

const quoted = (value: unknown): string => (JSON.stringify(value) ?? "none").slice(0, 200);

function rowCount(tensor: Fields, rules: RequestRules): number {
  const { shape } = tensor;
  const rows: unknown = Array.isArray(shape) ? shape[0] : undefined;
  if (
    !Array.isArray(shape) ||
    shape.length !== 2 ||
    shape[1] !== rules.features.length ||
    typeof rows !== "number" ||
    !Number.isInteger(rows) ||
    rows < 1
  ) {
    throw bad("tensor", `input '${rules.input}': shape ${quoted(shape)}, expected [-1,${rules.features.length}]`);
  }
  if (rows > rules.maxRows) {
    throw bad("tensor", `input '${rules.input}': ${rows} rows, at most ${rules.maxRows} per request`);
  }
  return rows;
}

function checkOutputs(outputs: unknown, rules: RequestRules): void {
  if (outputs === undefined) return;
  const named = Array.isArray(outputs) && outputs.every((output) => isFields(output) && output.name === rules.output);
  if (!named) throw bad("tensor", `'outputs' may only name '${rules.output}'`);
}

function readTimes(parameters: unknown, rows: number, rules: RequestRules) {
  if (parameters !== undefined && !isFields(parameters)) throw bad("body", "'parameters' must be an object");
  const eventTime = readRowTimes("event_time", parameters?.event_time, rows);
  const featureTime = readRowTimes("feature_time", parameters?.feature_time, rows);
  if (featureTime === null && rules.featureTimeRequired) {
    throw bad(
      "body",
      "parameter 'feature_time' is required by the contract: when the features were computed, in whole milliseconds since 1970",
    );
  }
  return { eventTime, featureTime };
}

function copyValues(data: unknown, rows: number, rules: RequestRules, into: Float32Array, at: number): void {
  const n = rules.features.length;
  const flat: unknown = Array.isArray(data) && Array.isArray(data[0]) ? data.flat() : data;
  if (!Array.isArray(flat) || flat.length !== rows * n) {
    const given = Array.isArray(flat) ? flat.length : "no";
    throw bad("tensor", `input '${rules.input}': ${given} values, shape [${rows},${n}] needs ${rows * n}`);
  }
  for (let k = 0; k < flat.length; k++) {
    const value: unknown = flat[k];
    if (value === null && rules.mayMiss[k % n] === true) {
      into[at + k] = Number.NaN;
      continue;
    }
    // Written first: what is too large for 32 bits becomes Infinity there. The type check is needed, null would become 0.
    into[at + k] = value as number;
    if (typeof value !== "number" || !Number.isFinite(into[at + k])) {
      const where = `row ${Math.floor(k / n)}, '${rules.features[k % n]}'`;
      throw bad("tensor", `input '${rules.input}': ${where} is not a finite 32-bit number`);
    }
  }
}
