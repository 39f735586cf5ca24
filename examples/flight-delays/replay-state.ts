import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";

const NAME = "replay-state.json";

const state = z.strictObject({
  version: z.literal(1),
  /** Data time reached, UTC seconds. */
  reached: z.number(),
  /** UTC seconds: every label of an answered request that became known up to here is accepted. */
  labelledThrough: z.number(),
  labelsSent: z.int(),
  /** Attempts beyond the first: connection lost, 429, 503. */
  repeated: z.int(),
  finished: z.boolean(),
});
export type ReplayState = z.output<typeof state>;

/** @throws when the file is there but not ours: starting over would send everything twice. */
export function loadState(dataDir: string): ReplayState {
  const file = path.join(dataDir, NAME);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return { version: 1, reached: 0, labelledThrough: 0, labelsSent: 0, repeated: 0, finished: false };
  }
  const read = state.safeParse(JSON.parse(text));
  if (read.success) return read.data;
  throw new Error(`${file} cannot be read: ${z.prettifyError(read.error)}`);
}

export const saveState = (dataDir: string, value: ReplayState) => writeJson(dataDir, NAME, value);

/** Writes so that a crash leaves either the old or the new file. */
export function writeJson(dataDir: string, name: string, value: unknown): void {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, name);
  writeFileSync(`${file}.tmp`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}
