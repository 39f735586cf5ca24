import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "@/embedded/tied";
import type { LogFile } from "./log-file";
import { copyOutput } from "./output";

export type ChildDefinition = {
  readonly name: string;
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Asks it to end. SIGTERM if absent. */
  readonly stopSignal?: NodeJS.Signals;
  /** Resolves once it serves; rejects when the signal aborts (it ended meanwhile). */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  /** It may end by itself with status 0, and is not started again then. */
  readonly finishes?: boolean;
  /** What it has forked ends with it, before it is started again. */
  readonly wholeGroup?: boolean;
};

/** `waiting`: crashed, and started again after a pause. `stopped`: finished, told to, or crashed too often; `reason` says which. */
export type ChildState = "starting" | "running" | "waiting" | "stopped";

export type ChildStatus = {
  readonly name: string;
  readonly state: ChildState;
  readonly pid: number | null;
  readonly restarts: number;
  readonly lastExit: string | null;
  readonly reason: string | null;
  /** ISO 8601; when the state was entered. */
  readonly since: string;
};

export type RestartPolicy = {
  /** Pause before each restart within the window, in milliseconds; the last one is used from there on. */
  readonly backOffMs: readonly [number, ...number[]];
  /** So many crashes within the window stop the child for good. */
  readonly crashes: number;
  readonly windowMs: number;
  readonly readyWithinMs: number;
};

export const RESTARTS: RestartPolicy = { backOffMs: [500, 2_000], crashes: 3, windowMs: 60_000, readyWithinMs: 60_000 };

type Process = {
  readonly child: ChildProcess;
  readonly ended: AbortController;
  /** Its last words are read. */
  readonly silent: Promise<void>;
  stalled: boolean;
};

/** A forgotten grandchild may hold the pipes open: its words are not waited for. */
const LAST_WORDS_MS = 200;

function silence(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.once("exit", () => setTimeout(resolve, LAST_WORDS_MS));
  });
}

function ending(code: number | null, signal: NodeJS.Signals | null, lastError: string): string {
  if (signal) return `was killed by ${signal}`;
  return lastError ? `exited with ${code}: ${lastError.slice(0, 300)}` : `exited with ${code}`;
}

/** One supervised process: started, watched, restarted with a growing pause, and stopped when it crashes too often. */
export class Child {
  #state: ChildState = "stopped";
  #reason: string | null = null;
  #since = new Date();
  #restarts = 0;
  #lastExit: string | null = null;
  #crashes: number[] = [];
  #lastError = "";
  #process: Process | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ending = false;

  constructor(
    readonly definition: ChildDefinition,
    private readonly log: LogFile,
    private readonly onChange: (status: ChildStatus) => void,
    private readonly policy: RestartPolicy = RESTARTS,
  ) {}

  status(): ChildStatus {
    return {
      name: this.definition.name,
      state: this.#state,
      pid: this.#process?.child.pid ?? null,
      restarts: this.#restarts,
      lastExit: this.#lastExit,
      reason: this.#reason,
      since: this.#since.toISOString(),
    };
  }

  start(): void {
    const { command, env, cwd } = this.definition;
    // A process group of its own: Ctrl-C in the terminal reaches only the supervisor, which stops its children in order.
    const child = spawn(command[0], [...command[1]], {
      stdio: "pipe",
      detached: true,
      env: env as NodeJS.ProcessEnv,
      ...(cwd && { cwd }),
    });
    const running: Process = {
      child,
      ended: new AbortController(),
      silent: silence(child),
      stalled: false,
    };
    this.#process = running;
    this.#lastError = "";
    child.stdin?.on("error", () => undefined); // it ended before it read
    const noteError = (line: string) => {
      // Of an uncaught error, the line that names it says most.
      if (!this.#lastError || /error|fatal|panic|exception/i.test(line)) this.#lastError = line;
    };
    if (child.stdout) copyOutput(child.stdout, "stdout", this.log, noteError);
    if (child.stderr) copyOutput(child.stderr, "stderr", this.log, noteError);
    child.once("error", (error) => this.#ended(running, error.message));
    child.once("exit", (code, signal) => {
      running.ended.abort();
      void running.silent.then(() => this.#ended(running, ending(code, signal, this.#lastError), code));
    });
    this.#become("starting");
    void this.#watch(running);
  }

  /** Ends it and whatever it forked; the processes are gone when this resolves. */
  async stop(withinMs: number): Promise<void> {
    this.#ending = true;
    clearTimeout(this.#timer);
    const running = this.#process;
    if (!running) return this.#become("stopped", this.#reason ?? "told to stop");
    const gone = running.ended.signal.aborted ? Promise.resolve() : once(running.ended.signal, "abort");
    running.child.kill(this.definition.stopSignal ?? "SIGTERM");
    const timer = setTimeout(() => this.killGroup(), withinMs);
    await gone;
    clearTimeout(timer);
    this.killGroup();
    await running.silent;
    this.#process = undefined;
    this.#become("stopped", "told to stop");
  }

  killGroup(): void {
    try {
      if (this.#process?.child.pid) process.kill(-this.#process.child.pid, "SIGKILL");
    } catch {
      // All of it is gone.
    }
  }

  async #watch(running: Process): Promise<void> {
    const timer = setTimeout(() => {
      running.stalled = true;
      this.killGroup();
    }, this.policy.readyWithinMs);
    try {
      await this.definition.ready(running.ended.signal);
      if (this.#process === running && this.#state === "starting") this.#become("running");
    } catch {
      // It ended; #ended has, or gets, the reason.
    } finally {
      clearTimeout(timer);
    }
  }

  #ended(running: Process, how: string, code: number | null = null): void {
    if (this.#process !== running || this.#ending) return;
    running.ended.abort();
    if (this.definition.wholeGroup) this.killGroup();
    this.#process = undefined;
    this.#lastExit = running.stalled ? `was not ready in ${this.policy.readyWithinMs / 1000} s and was killed` : how;
    if (this.definition.finishes && code === 0) this.#become("stopped", "finished");
    else this.#crashed();
  }

  #crashed(): void {
    const { backOffMs, crashes, windowMs } = this.policy;
    const now = Date.now();
    this.#crashes = [...this.#crashes.filter((at) => at > now - windowMs), now];
    const count = this.#crashes.length;
    if (count >= crashes) {
      this.#become("stopped", `crashed ${count} times within ${windowMs / 1000} s; last time it ${this.#lastExit}`);
      return;
    }
    const pause = backOffMs[Math.min(count, backOffMs.length) - 1] ?? 0;
    this.#become("waiting", `it ${this.#lastExit}; starting again in ${pause / 1000} s`);
    this.#timer = setTimeout(() => {
      this.#restarts += 1;
      this.start();
    }, pause);
  }

  #become(state: ChildState, reason: string | null = null): void {
    this.#state = state;
    this.#reason = reason;
    this.#since = new Date();
    this.onChange(this.status());
  }
}
