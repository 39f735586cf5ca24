import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import * as ort from "onnxruntime-node";
import type { GoldenRow } from "@/lib/registry/golden-row";
import { misfits, shown, type TensorFound } from "@/lib/registry/model-fit";
import type { ModelSchema } from "@/lib/registry/model-schema";
import { NotOnnx, type OnnxFacts, readOnnxFile } from "@/lib/registry/onnx-file";
import type { Verification } from "@/lib/registry/schema";
import type { Row } from "./check-sample";
import { tensorOf } from "./row-tensor";
import { Unfit } from "./verification";

/** Names of the Open Inference Protocol for the element types of ONNX Runtime. */
const DATATYPES: Readonly<Record<string, string>> = {
  float32: "FP32",
  float64: "FP64",
  float16: "FP16",
  int64: "INT64",
  int32: "INT32",
  bool: "BOOL",
  string: "BYTES",
};
/** Softmax in single precision may end a little above one. */
const SLACK = 1e-6;

/** Reads the head of the file, before anything of it is run. @throws Unfit when it is no ONNX file, or not the whole model */
export function inspectModel(path: string): OnnxFacts {
  const file = openSync(path, "r");
  try {
    const facts = readOnnxFile({
      size: fstatSync(file).size,
      read: (offset, length) => {
        const buffer = Buffer.alloc(length);
        return buffer.subarray(0, readSync(file, buffer, 0, length, offset));
      },
    });
    if (!facts.external) return facts;
    const { tensor, location } = facts.external;
    const where = location ? ` in ${JSON.stringify(location)}` : "";
    throw new Unfit(
      `The model keeps data outside of its file (external data of the tensor ${JSON.stringify(tensor)}${where}); save it as one file.`,
    );
  } catch (error) {
    throw error instanceof NotOnnx ? new Unfit(`model.onnx is no ONNX file: ${error.message}.`) : error;
  } finally {
    closeSync(file);
  }
}

/** Opens the model, compares it with model.json and scores rows of the reference sample, each alone. @throws Unfit */
export async function checkModel(path: string, facts: OnnxFacts, schema: ModelSchema, rows: readonly [Row, ...Row[]]) {
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 }).catch(
    (error: unknown) => {
      throw new Unfit(`ONNX Runtime cannot open the model: ${firstLine(error)}`);
    },
  );
  const opened = { inputs: session.inputMetadata.map(found), outputs: session.outputMetadata.map(found) };
  const problems = misfits(schema, opened);
  if (problems.length > 0) throw new Unfit(`${problems.join("; ")}.`);
  const { irVersion, producer, opsets, operators } = facts;
  const scores = probabilities(schema, await scored(session, schema, rows[0]));
  const result: Verification["model"] = {
    irVersion,
    producer,
    opsets: [...opsets],
    operators: [...operators],
    inputs: opened.inputs,
    outputs: opened.outputs,
    probabilities: scores,
    runtime: `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`,
    golden: await goldenOf(session, schema, rows),
  };
  await session.release();
  return result;
}

function found(meta: ort.InferenceSession.ValueMetadata): TensorFound & { shape: (number | string)[] } {
  if (!meta.isTensor) return { name: meta.name, datatype: "no tensor (a sequence or map)", shape: [] };
  return { name: meta.name, datatype: DATATYPES[meta.type] ?? meta.type, shape: [...meta.shape] };
}

async function scored(session: ort.InferenceSession, schema: ModelSchema, row: Row) {
  const feeds = Object.fromEntries(schema.inputs.map((input) => [input.name, tensorOf(input, row)]));
  const fetches = schema.outputs.map(({ name }) => name);
  return session.run(feeds, fetches).catch((error: unknown) => {
    throw new Unfit(`The model cannot score a row of the reference sample: ${firstLine(error)}`);
  });
}

/** What the model answers to each row; a row with an answer that is no number is no example. */
async function goldenOf(
  session: ort.InferenceSession,
  schema: ModelSchema,
  rows: readonly Row[],
): Promise<GoldenRow[]> {
  const golden: GoldenRow[] = [];
  for (const row of rows) {
    const results = await scored(session, schema, row);
    const inputs = schema.inputs.map((input) => [input.name, valuesOf(tensorOf(input, row))] as const);
    const outputs = schema.outputs.map(({ name }) => [name, valuesOf(results[name])] as const);
    if (
      [...inputs, ...outputs].every(([, values]) =>
        values.every((value) => typeof value === "string" || Number.isFinite(value)),
      )
    ) {
      golden.push({ inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs) });
    }
  }
  return golden;
}

function valuesOf(tensor: ort.Tensor | undefined): (string | number)[] {
  const data: Iterable<unknown> = tensor?.data ?? [];
  return Array.from(data, (value) => (typeof value === "string" ? value : Number(value)));
}

/** The outputs that hold probabilities: what a score can be taken from. */
function probabilities(schema: ModelSchema, results: ort.InferenceSession.ReturnType): string[] {
  const names: string[] = [];
  for (const { name, shape, datatype } of schema.outputs) {
    const output = results[name];
    const expected = shape.map((size) => (size === -1 ? 1 : size));
    if (!output || shown(output.dims) !== shown(expected)) {
      const dims = output ? shown(output.dims) : "nothing";
      throw new Unfit(`For one row the output ${name} is ${dims}; model.json declares ${shown(shape)}.`);
    }
    if (datatype !== "FP32" && datatype !== "FP64") continue;
    const values = Array.from(output.data as Float32Array | Float64Array);
    if (!values.every(Number.isFinite)) {
      throw new Unfit(`For a row of the reference sample the output ${name} is not finite: ${values.slice(0, 4)}.`);
    }
    if (values.every((value) => value >= -SLACK && value <= 1 + SLACK)) names.push(name);
  }
  if (names.length > 0) return names;
  throw new Unfit("No output holds a probability between 0 and 1 for a row of the reference sample.");
}

const firstLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0]?.slice(0, 500);
