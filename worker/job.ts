/**
 * Work that the worker repeats for ever. Level-triggered: `run` looks at how things are and does what is missing, so a run that was
 * killed, or never started, is made up for by the next one.
 */
export type Job = {
  /** What the log lines say: lower-case words. */
  readonly name: string;
  /** Milliseconds from the end of a run to the start of the next; a failed run waits longer, up to 15 s. */
  readonly everyMs: number;
  /** Does one round. Throws when the round failed. Long rounds look at `signal`: the worker is ending. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};
