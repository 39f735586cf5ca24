import { parentPort, workerData } from "node:worker_threads";
import { breakable, type FaultCell } from "./model-fault";
import { fullBatchMs, type Model, type ModelSpec, openModel } from "./model-session";

/** A model in a thread of its own. Loading, warm-up and measuring always happen here: none of it may stall the loop that serves. */
export type ThreadData = ModelSpec & { maxRows: number; fault: FaultCell | null };
export type ToThread = { type: "run"; rows: number; input: Float32Array } | { type: "close" };
export type FromThread =
  | { type: "ready"; fullBatchMs: number }
  | { type: "failed"; reason: string }
  | { type: "output"; output: Float32Array }
  | { type: "error"; reason: string }
  | { type: "closed" };

const port = parentPort;
if (!port) throw new Error("model-thread runs as a worker thread");
const data = workerData as ThreadData;
const post = (message: FromThread) => port.postMessage(message);
const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function load(): Promise<Model | null> {
  try {
    const model = await openModel(data);
    post({ type: "ready", fullBatchMs: await fullBatchMs(model, data.maxRows, data.features) });
    return data.fault ? breakable(model, data.fault) : model;
  } catch (error) {
    post({ type: "failed", reason: words(error) });
    return null;
  }
}

const model = await load();

async function handle(message: ToThread): Promise<void> {
  if (message.type === "close") {
    await model?.close();
    post({ type: "closed" });
    port?.close();
    return;
  }
  try {
    if (!model) throw new Error("the model is not loaded");
    post({ type: "output", output: await model.run(message.rows, message.input) });
  } catch (error) {
    post({ type: "error", reason: words(error) });
  }
}
port.on("message", (message: ToThread) => void handle(message));
