import type { Worker } from "node:worker_threads";
import { breakable, type FaultCell, faultCell } from "./model-fault";
import { type Model, type ModelSpec, openModel } from "./model-session";
import type { FromThread, ThreadData, ToThread } from "./model-thread";
import { RevisionRefused } from "./revision-check";
import { startThread } from "./typescript-loader";

export type LoadedModel = Model & {
  mode: "inline" | "thread";
  /** It is in a thread only because that was asked for. */
  isIsolated: boolean;
  /** Milliseconds of a full batch, measured while it was loaded. */
  batchMs: number;
  /** Through which it can be broken for a drill. */
  fault: FaultCell | null;
};

export type LoadOptions = {
  maxRows: number;
  deadlineMs: number | null;
  /** What stands in must leave within the deadline, so the loop may not wait for the model, however fast it is. */
  deadlineHolds: boolean;
  /** In a thread whatever it takes: nobody waits for its answers, so it may not hold up those that somebody waits for. */
  isIsolated: boolean;
  /** Drills only. */
  isBreakable: boolean;
};

const LOAD_LIMIT_MS = 120_000;
const INLINE_LIMIT_MS = 5;

/**
 * A thread never gives throughput; it gives a deadline that holds, because the loop goes on while the model runs. So: thread when a
 * full batch takes more than a quarter of the deadline, or 5 ms; else inline.
 */
export const needsThread = (batchMs: number, deadlineMs: number | null): boolean =>
  batchMs > Math.min(INLINE_LIMIT_MS, (deadlineMs ?? Number.POSITIVE_INFINITY) / 4);

/**
 * Loads, warms up and measures a model in a thread, then leaves it there or opens it on the event loop.
 * @throws RevisionRefused when the file cannot be loaded, is not what was declared, or takes longer than two minutes
 */
export async function loadModel(spec: ModelSpec, options: LoadOptions): Promise<LoadedModel> {
  const { maxRows, deadlineMs, deadlineHolds, isIsolated, isBreakable } = options;
  const fault = isBreakable ? faultCell() : null;
  const thread = new ModelThread({ ...spec, maxRows, fault });
  try {
    thread.batchMs = await thread.ready;
    const { batchMs } = thread;
    thread.isIsolated = !deadlineHolds && !needsThread(batchMs, deadlineMs);
    if (isIsolated || !thread.isIsolated) return thread;
    await thread.close();
    const model = await openModel(spec);
    await model.run(maxRows, new Float32Array(maxRows * spec.features));
    const { run, close } = fault ? breakable(model, fault) : model;
    return { mode: "inline", isIsolated: false, batchMs, fault, run, close };
  } catch (error) {
    await thread.terminate();
    throw new RevisionRefused(`the model cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Waiting = { resolve(output: Float32Array): void; reject(error: Error): void };

class ModelThread implements LoadedModel {
  readonly mode = "thread";
  readonly fault: FaultCell | null;
  isIsolated = false;
  batchMs = Number.NaN;
  /** Milliseconds of a full batch. */
  readonly ready: Promise<number>;
  private readonly worker: Worker;
  private readonly waiting: Waiting[] = [];
  private readonly ended: Promise<void>;
  private isReady = false;
  private isClosing = false;

  constructor(data: ThreadData) {
    this.fault = data.fault;
    this.worker = startThread(new URL("./model-thread.ts", import.meta.url), data);
    this.ended = new Promise((resolve) => this.worker.once("exit", () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error("not loaded after two minutes")), LOAD_LIMIT_MS);
      const fail = (error: Error) => {
        clearTimeout(limit);
        reject(error);
        for (const { reject: rejectRun } of this.waiting.splice(0)) rejectRun(error);
      };
      this.worker.on("error", fail);
      this.worker.on("exit", () => {
        fail(new Error("the model's thread ended"));
        if (this.isReady && !this.isClosing) throw new Error("the model's thread ended"); // the host starts this process again
      });
      this.worker.on("message", (message: FromThread) => {
        if (message.type === "ready") {
          clearTimeout(limit);
          this.isReady = true;
          resolve(message.fullBatchMs);
        } else if (message.type === "failed") fail(new Error(message.reason));
        else this.answer(message);
      });
    });
    this.ready.catch(() => {}); // an end after loading is told to those who wait for a run
  }

  run(rows: number, input: Float32Array): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      const copy = input.slice();
      this.worker.postMessage({ type: "run", rows, input: copy } satisfies ToThread, [copy.buffer as ArrayBuffer]);
    });
  }

  /** After the run in progress: ONNX Runtime aborts the process when a thread ends in the middle of one. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.worker.postMessage({ type: "close" } satisfies ToThread);
    await this.ended;
  }

  async terminate(): Promise<void> {
    this.isClosing = true;
    await this.worker.terminate();
  }

  private answer(message: FromThread): void {
    if (message.type === "output") this.waiting.shift()?.resolve(message.output);
    if (message.type === "error") this.waiting.shift()?.reject(new Error(message.reason));
  }
}
