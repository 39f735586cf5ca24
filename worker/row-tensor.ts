import * as ort from "onnxruntime-node";
import type { ModelSchema } from "@/lib/registry/model-schema";
import type { Row } from "./check-sample";
import { Unfit } from "./verification";

type Input = ModelSchema["inputs"][number];

/** One row of a sample as the tensor of an input: its feature columns in order, or the column of its own name. @throws Unfit */
export function tensorOf(input: Input, row: Row): ort.Tensor {
  const dims = input.shape.map((size, axis) =>
    size === -1 ? (axis === input.shape.length - 1 && axis > 0 ? (input.features?.length ?? 1) : 1) : size,
  );
  const values = (input.features ?? [input.name]).map((name) => row[name]);
  const elements = dims.reduce((product, size) => product * size, 1);
  if (elements !== values.length) {
    throw new Unfit(
      `Input ${input.name} takes ${elements} values per row; model.json names ${values.length} columns for it.`,
    );
  }
  if (input.datatype === "BYTES") return new ort.Tensor("string", values.map(String), dims);
  const numbers = values.map((value) => Number(value));
  const wrong = numbers.findIndex((value) => Number.isNaN(value));
  if (wrong >= 0 && !isNumber(values[wrong])) {
    const name = (input.features ?? [input.name])[wrong];
    throw new Unfit(`The column ${name} of the reference sample holds ${JSON.stringify(values[wrong])}, no number.`);
  }
  return numeric(input.datatype, numbers, dims);
}

const isNumber = (value: unknown) => typeof value === "number" || typeof value === "bigint";

function numeric(
  datatype: Exclude<Input["datatype"], "BYTES">,
  values: readonly number[],
  dims: readonly number[],
): ort.Tensor {
  switch (datatype) {
    case "FP32":
      return new ort.Tensor("float32", Float32Array.from(values), dims);
    case "FP64":
      return new ort.Tensor("float64", Float64Array.from(values), dims);
    case "INT64":
      return new ort.Tensor(
        "int64",
        BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))),
        dims,
      );
    case "INT32":
      return new ort.Tensor("int32", Int32Array.from(values), dims);
    case "BOOL":
      return new ort.Tensor(
        "bool",
        Uint8Array.from(values, (value) => (value ? 1 : 0)),
        dims,
      );
  }
}
