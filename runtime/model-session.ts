import * as ort from "onnxruntime-node";

/** What is needed to run a model: file, the names of its input and of the output to fetch, and the sizes of a row. */
export type ModelSpec = { file: string; input: string; output: string; features: number; width: number };

/** `input`: row after row, FP32. The answer belongs to the caller. */
export type Model = {
  run(rows: number, input: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
};

/** One thread: endpoints share the machine, and a batch of small rows gains nothing from more. */
const OPTIONS: ort.InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
};

/**
 * Opens an ONNX file and checks its names against the declaration.
 * There is no asynchronous run: `run` is synchronous work behind a promise, right on the event loop for models well under 1 ms.
 * @throws Error when the file is no model, or not the declared one
 */
export async function openModel(spec: ModelSpec): Promise<Model> {
  const session = await ort.InferenceSession.create(spec.file, OPTIONS);
  const problem = mismatch(session, spec);
  if (problem) {
    await session.release();
    throw new Error(problem);
  }
  const fetches = [spec.output];
  return {
    run: async (rows, input) => {
      const feeds = { [spec.input]: new ort.Tensor("float32", input, [rows, spec.features]) };
      const output = (await session.run(feeds, fetches))[spec.output];
      if (!output || !(output.data instanceof Float32Array)) throw new Error(`output '${spec.output}' is not FP32`);
      if (output.data.length !== rows * spec.width) {
        throw new Error(`output '${spec.output}' has shape [${output.dims}], declared [${rows},${spec.width}]`);
      }
      return output.data;
    },
    close: () => session.release(),
  };
}

function mismatch(session: ort.InferenceSession, spec: ModelSpec): string | null {
  const { inputNames, outputNames } = session;
  if (inputNames.length !== 1 || inputNames[0] !== spec.input) {
    return `the file's inputs are [${inputNames}], declared is '${spec.input}'`;
  }
  if (!outputNames.includes(spec.output)) {
    return `the file's outputs are [${outputNames}], declared is '${spec.output}'`;
  }
  return null;
}

const ROUNDS = 3;
const RUNS = 30;
const ROUND_BUDGET_MS = 2000;

/**
 * Warms the model up and measures a full batch.
 * @returns milliseconds: the slowest run of the calmest of three rounds, because on a busy machine the scheduler, not the model,
 * makes the slowest run of all
 */
export async function fullBatchMs(model: Model, maxRows: number, features: number): Promise<number> {
  const input = new Float32Array(maxRows * features);
  await model.run(1, input.subarray(0, features));
  await model.run(maxRows, input);
  let calmest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) calmest = Math.min(calmest, await slowestRun(model, maxRows, input));
  return calmest;
}

async function slowestRun(model: Model, rows: number, input: Float32Array): Promise<number> {
  const until = performance.now() + ROUND_BUDGET_MS;
  let slowest = 0;
  for (let run = 0; run < RUNS && performance.now() < until; run++) {
    const start = performance.now();
    await model.run(rows, input);
    slowest = Math.max(slowest, performance.now() - start);
  }
  return slowest;
}
