import type { ServerResponse } from "node:http";
import type { RequestFacts } from "./event-log";
import type { Cause } from "./refusal";

/** Room for the features of a request: `values` from `at` on. */
export type Room = { values: Float32Array; at: number };

/** What takes requests in: the lane of a revision, or its guard. */
export type Door = {
  /** Where the features of the next request go. @throws Refusal 503 when too much waits */
  readonly room: (rows: number) => Room;
  /** Takes the request whose features were just written to `room`. @throws Refusal when nothing can answer it */
  accept(pending: Pending): void;
};

/** What steps in when the model of a lane does not answer as it should. */
export type Relief = {
  /** @param text for the caller, if nothing stands in @returns false: nothing does, the lane ends the request with an error */
  takeOver(pending: Pending, cause: "error" | "timeout", text: string): boolean;
  /** The model answered. @param us microseconds since the head of the request was read */
  answered(pending: Pending, us: number): void;
};

/** Takes copies of requests that were answered. */
export type Copier = {
  /** @param x features of its rows, from `at` on; not kept */
  keep(facts: RequestFacts, x: Float32Array, at: number): void;
};

/** A request that was accepted: its features are in the batch at row `row`. */
export type Pending = RequestFacts & {
  res: ServerResponse;
  /** When the loop read its head, by performance.now(). */
  start: number;
  /** Until when the lane that holds it may take, by the same clock. */
  due: number;
  row: number;
  done: boolean;
  /** Null: the revision declares no failure mode, and every failure is an error. */
  relief: Relief | null;
  /** What the serving revision failed at, in the lane of the previous one that stands in; else empty. */
  cause: Cause | "";
  /** The revision that it was meant for, in the lane of the one that stands in; else empty. */
  asked: string;
  /** Gets a copy once a model has answered it; null: nobody does. */
  copier: Copier | null;
  /** Of the circuit breaker. */
  ticket: number;
  /** The buffer that holds its features; only with a relief, which may need them again. */
  values: Float32Array | null;
  /** Members of the answer's `parameters`, as JSON without the braces. */
  parameters: string;
};
