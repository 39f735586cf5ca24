import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { StartError } from "@/embedded/start-error.mjs";
import { nodeCommand } from "@/embedded/tied";
import { ROOT } from "./definitions";
import type { Environment } from "./environment";

const TAIL = 12;

/** Runs a program of ours to its end; `onLine` gets what it prints. Throws with its last lines when it fails. */
export async function runScript(options: {
  readonly what: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly onLine?: (line: string) => void;
}): Promise<void> {
  const [command, args] = nodeCommand(options.args);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: options.env as NodeJS.ProcessEnv,
    stdio: "pipe",
    detached: true,
  });
  const tail: string[] = [];
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      if (/^\s+at /.test(line)) return; // of a stack trace, the message is enough
      tail.push(line);
      if (tail.length > TAIL) tail.shift();
      if (input === child.stdout) options.onLine?.(line);
    });
  }
  running.add(child.pid ?? 0);
  const code = await ended;
  running.delete(child.pid ?? 0);
  if (code !== 0) throw new StartError(`${options.what} failed:\n${tail.join("\n")}`);
}

const running = new Set<number>();

/** Ends the programs that still run: the start was broken off. */
export function endScripts(): void {
  for (const pid of running) {
    try {
      process.kill(-pid, "SIGTERM");
    } catch {
      // It ended meanwhile.
    }
  }
}
