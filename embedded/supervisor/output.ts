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

/** Copies a child's lines into its log, each as JSON; calls `onLine` with what a person would read of it. */
export function copyOutput(
  source: Readable,
  kind: keyof typeof LEVELS,
  log: LogFile,
  onLine: (text: string) => void,
): void {
  createInterface({ input: source }).on("line", (line) => {
    if (!line.trim()) return;
    const json = parsed(line);
    log.write(`${json ? line : JSON.stringify({ level: LEVELS[kind], time: new Date().toISOString(), msg: line })}\n`);
    onLine(typeof json?.msg === "string" ? json.msg : line);
  });
}
