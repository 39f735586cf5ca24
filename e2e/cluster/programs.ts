// The programs of a test cluster: started with a log each, stopped in reverse order, and one that ends early ends all.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tied } from "@/embedded/tied";

type Program = {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the file of that name among the built programs. */
  readonly command?: string;
};

const PATIENCE_MS = 3_000;
const LINES_SHOWN = 15;

export class Programs {
  readonly #bin: string;
  readonly #logs: string;
  readonly #children: ChildProcess[] = [];
  readonly #dead: Promise<never>;
  #die: (error: Error) => void = () => undefined;
  #stopping = false;

  constructor(bin: string, logs: string) {
    this.#bin = bin;
    this.#logs = logs;
    mkdirSync(logs, { recursive: true });
    this.#dead = new Promise<never>((_, reject) => {
      this.#die = reject;
    });
    this.#dead.catch(() => undefined);
  }

  /** Rejects, with the last lines of its log, when a program ends that nobody stopped. */
  get death(): Promise<never> {
    return this.#dead;
  }

  /** The path of a built program. */
  at(name: string): string {
    return path.join(this.#bin, name);
  }

  start({ name, args, env = {}, command = this.at(name) }: Program): void {
    const file = path.join(this.#logs, `${name}.log`);
    const log = openSync(file, "w");
    const child = spawn(...tied(command, args, "TERM"), {
      stdio: ["ignore", log, log],
      env: { ...process.env, ...env },
    });
    closeSync(log);
    child.once("error", (error) => this.#die(new Error(`${name}: ${error.message}`)));
    child.once("exit", (code, signal) => {
      if (this.#stopping) return;
      const tail = readFileSync(file, "utf8").trimEnd().split("\n").slice(-LINES_SHOWN).join("\n");
      this.#die(new Error(`${name} ended early (${code ?? signal}); the end of ${file}:\n${tail}`));
    });
    this.#children.unshift(child);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const child of this.#children) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const late = await Promise.race([gone.then(() => false), sleep(PATIENCE_MS, true, { ref: false })]);
      if (late) child.kill("SIGKILL");
      await gone;
    }
  }
}
