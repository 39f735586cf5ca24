import type { ModelFault } from "@/lib/inference/fault";
import type { Model } from "./model-session";

/** What is wrong with a model, in memory that the thread which runs it shares: [kind, milliseconds]. It is read before every run. */
export type FaultCell = Int32Array<SharedArrayBuffer>;

const KINDS: readonly ModelFault["kind"][] = ["none", "hang", "slow", "error", "wrong"];
const [KIND, MS] = [0, 1];

export const faultCell = (): FaultCell => new Int32Array(new SharedArrayBuffer(8));

/** Also ends the wait of a run that hangs: what was broken may go on. */
export function setFault(cell: FaultCell, fault: ModelFault): void {
  Atomics.store(cell, MS, "ms" in fault ? (fault.ms ?? 0) : 0);
  Atomics.store(cell, KIND, KINDS.indexOf(fault.kind));
  Atomics.notify(cell, KIND);
}

/** A model that can be broken from outside. A hang and a wait stop the whole thread, as native code that does not return would. */
export function breakable(model: Model, cell: FaultCell): Model {
  return {
    close: model.close,
    run: async (rows, input) => {
      const code = Atomics.load(cell, KIND);
      const kind = KINDS[code];
      const ms = Atomics.load(cell, MS) || Number.POSITIVE_INFINITY;
      if (kind === "hang" || kind === "slow") Atomics.wait(cell, KIND, code, ms);
      if (kind === "error") throw new Error("the model was broken for a drill");
      const output = await model.run(rows, input);
      return kind === "wrong" ? output.fill(Number.NaN) : output;
    },
  };
}
