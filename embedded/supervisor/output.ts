import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { LogFile } from "./log-file";

/** pino's numbers for info and error. */
const LEVELS = { stdout: 30, stderr: 50 };

function parsed(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

const isTrace = (line: string) => /^\s+at /.test(line);

/** Copies a child's lines into its log, each as JSON; calls `onError` with those that may say why it ends. */
export function copyOutput(
  source: Readable,
  kind: keyof typeof LEVELS,
  log: LogFile,
  onError: (text: string) => void,
): void {
  createInterface({ input: source }).on("line", (line) => {
    if (!line.trim()) return;
    const json = parsed(line);
    log.write(`${json ? line : JSON.stringify({ level: LEVELS[kind], time: new Date().toISOString(), msg: line })}\n`);
    const { level, msg } = json ?? { level: LEVELS[kind], msg: line };
    if (typeof level === "number" && level >= LEVELS.stderr && typeof msg === "string" && !isTrace(msg))
      onError(msg.trim());
  });
}
