/** What the worker and its load generator tell each other. Typed arrays travel as they are (`serialization: "advanced"`). */

export type LoadTarget = {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  /** One request each, sent in turn. */
  readonly bodies: readonly string[];
  /** Connections at once, at most; beyond them a request waits, and its latency counts. */
  readonly connections: number;
};

export type LoadOrder = {
  readonly perSecond: number;
  readonly seconds: number;
  /** How long the last answers are waited for after the last request was due. */
  readonly graceMs: number;
};

/** What became of a request. `unanswered`: nothing came before the run was over. */
export const OUTCOMES = [
  "model",
  "fallback",
  "secondary",
  "refused",
  "failed",
  "timeout",
  "broken",
  "unanswered",
] as const;
export type RequestOutcome = (typeof OUTCOMES)[number];

export type LoadResult = {
  /** Milliseconds since 1970 at which the first request was due. */
  readonly startedAt: number;
  /** Per request: milliseconds after the start at which it was due. */
  readonly due: Float64Array;
  /** Per request: milliseconds from when it was due to its last byte, or to the end of the run. */
  readonly latency: Float64Array;
  /** Per request: index in OUTCOMES. */
  readonly outcome: Uint8Array;
  /** Requests that left more than two milliseconds after they were due, for whatever reason. */
  readonly lateSends: number;
  /** Per request: milliseconds by which the generator itself was behind, before any wait for a connection. */
  readonly behind: Float64Array;
};

export type ToGenerator =
  | { readonly type: "target"; readonly target: LoadTarget }
  | { readonly type: "run"; readonly order: LoadOrder };
export type FromGenerator = { readonly type: "ready" } | { readonly type: "done"; readonly result: LoadResult };
