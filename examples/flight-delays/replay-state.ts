import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const counts = z.strictObject({
  /** Different requests handed to the network, and those that got a final answer: 200, or a refusal that stands. */
  sent: z.int(),
  answered: z.int(),
  failed: z.int(),
  /** Attempts beyond the first: connection lost, 429, 503. */
  repeated: z.int(),
  rowsAnswered: z.int(),
  labelsSent: z.int(),
});
export type Counts = z.output<typeof counts>;

const state = z.strictObject({
  version: z.literal(1),
  /** Every request before this position has its final answer. */
  answeredBefore: z.int(),
  /** UTC seconds: labels of those requests that became known up to here are accepted. */
  labelledThrough: z.number(),
  /** Data time reached, for people. */
  reached: z.string(),
  finished: z.boolean(),
  counts,
});
export type ReplayState = z.output<typeof state>;

const START: ReplayState = {
  version: 1,
  answeredBefore: 0,
  labelledThrough: 0,
  reached: "",
  finished: false,
  counts: { sent: 0, answered: 0, failed: 0, repeated: 0, rowsAnswered: 0, labelsSent: 0 },
};

/** Throws when the file is there but not ours: starting over would send everything twice. */
export function loadState(dataDir: string): ReplayState {
  const file = path.join(dataDir, "replay-state.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return structuredClone(START);
    throw error;
  }
  const read = state.safeParse(JSON.parse(text));
  if (!read.success)
    throw new Error(`${file} cannot be read: ${z.prettifyError(read.error)}. Delete it to start over.`);
  return read.data;
}

/** Writes so that a crash leaves either the old or the new file. */
export function writeJson(dataDir: string, name: string, value: unknown): void {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, name);
  writeFileSync(`${file}.tmp`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}
