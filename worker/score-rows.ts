import * as ort from "onnxruntime-node";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { Unfit } from "./verification";

type Tensor = ModelSchema["inputs"][number];
/** Where the probability of the positive class is. */
export type ScoreOutput = { readonly name: string; readonly index: number };
type Columns = ReadonlyMap<string, Float32Array>;

const BATCH_ROWS = 4096;

/** A model that scores columns of numbers in batches. */
export type Scorer = {
  /** One score for each row. @throws Unfit when the model cannot score them */
  readonly score: (columns: Columns, rows: number) => Promise<Float32Array>;
  readonly close: () => Promise<void>;
};

/** The names of the columns that the model takes, in its order. @throws Unfit for inputs that are no numbers */
export function numberColumns({ inputs }: ModelSchema): readonly string[] {
  const other = inputs.find(({ datatype }) => datatype === "BYTES" || datatype === "BOOL");
  if (other) throw new Unfit(`The input ${other.name} is ${other.datatype}: only numbers are compared.`);
  return inputs.flatMap(({ name, features }) => features ?? [name]);
}

/** Opens the model on one thread. @throws Unfit */
export async function openScorer(path: string, schema: ModelSchema, output: ScoreOutput): Promise<Scorer> {
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const free = schema.inputs.every(({ shape }) => shape[0] === -1);
  const most = free ? BATCH_ROWS : 1;
  return {
    close: () => session.release(),
    score: async (columns, rows) => {
      const scores = new Float32Array(rows);
      for (let from = 0; from < rows; from += most) {
        const n = Math.min(most, rows - from);
        const feeds = Object.fromEntries(schema.inputs.map((input) => [input.name, batchOf(input, columns, from, n)]));
        const result = (await session.run(feeds, [output.name]))[output.name];
        if (!(result?.data instanceof Float32Array || result?.data instanceof Float64Array)) {
          throw new Unfit(`The output ${output.name} holds no floating-point numbers.`);
        }
        const width = result.data.length / n;
        for (let i = 0; i < n; i++) scores[from + i] = result.data[i * width + output.index] ?? Number.NaN;
      }
      return scores;
    },
  };
}

function batchOf({ name, datatype, shape, features }: Tensor, columns: Columns, from: number, n: number): ort.Tensor {
  const names = features ?? [name];
  const dims = shape.map((size, axis) => (axis === 0 ? n : size === -1 ? names.length : size));
  const values = new Float64Array(n * names.length);
  names.forEach((column, k) => {
    const source = columns.get(column);
    for (let i = 0; i < n; i++) values[i * names.length + k] = source?.[from + i] ?? Number.NaN;
  });
  if (datatype === "FP32") return new ort.Tensor("float32", Float32Array.from(values), dims);
  if (datatype === "FP64") return new ort.Tensor("float64", values, dims);
  if (values.some(Number.isNaN))
    throw new Unfit(`A row has no value for the input ${name}, which takes whole numbers.`);
  if (datatype === "INT32") return new ort.Tensor("int32", Int32Array.from(values), dims);
  return new ort.Tensor(
    "int64",
    BigInt64Array.from(values, (value) => BigInt(Math.trunc(value))),
    dims,
  );
}
