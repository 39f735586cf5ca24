import { type ChildProcess, fork } from "node:child_process";
import { childEnvironment } from "./env";
import { ROOT, TYPESCRIPT } from "./typescript-loader";

export type Exit = { code: number | null; signal: NodeJS.Signals | null; ranMs: number };

export type ChildOptions<In> = {
  /** TypeScript file of the program. */
  program: URL;
  args: string[];
  onStart(): void;
  onMessage(message: In): void;
  /** Of an end that nobody asked for. It is started again after `restartMs`. */
  onExit(exit: Exit, restartMs: number): void;
  /** A process that sends messages all the time and then none for so long does nothing else either: it is killed. */
  silence?: { limitS: number; onKill(): void };
};

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** A process that lived this long begins again with the shortest delay. */
const HEALTHY_MS = 30_000;
const STOP_LIMIT_MS = 8000;

/** A child process that is kept running: started again with back-off until it is told to stop. */
export class KeptChild<Out extends object, In> {
  restarts = 0;
  private child: ChildProcess | undefined;
  private timer: NodeJS.Timeout | undefined;
  private delayMs = FIRST_DELAY_MS;
  private isWanted = false;
  private watch: NodeJS.Timeout | undefined;
  private silentS = 0;

  constructor(private readonly options: ChildOptions<In>) {}

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  start(): void {
    this.isWanted = true;
    const started = Date.now();
    const { program, args } = this.options;
    const child = fork(program, args, { execArgv: TYPESCRIPT, cwd: ROOT, env: childEnvironment() });
    this.child = child;
    child.on("message", (message) => {
      this.silentS = 0;
      this.options.onMessage(message as In);
    });
    this.watchSilence(child);
    child.on("error", () => {
      // Not started at all: there will be no "exit". Failed to receive a message: it ends, or lives on.
      if (child.pid === undefined) this.ended({ code: null, signal: null, ranMs: 0 });
    });
    child.once("exit", (code, signal) => this.ended({ code, signal, ranMs: Date.now() - started }));
    this.options.onStart();
  }

  send(message: Out): void {
    if (this.child?.connected) this.child.send(message, () => {}); // it may be ending just now
  }

  /** Lets it finish what it has begun; after eight seconds it is killed. */
  async stop(): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.timer);
    clearInterval(this.watch);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    if (child.connected) child.disconnect();
    const limit = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    await gone;
    clearTimeout(limit);
  }

  /** Counts its own ticks, so that a machine that slept finds nobody silent. */
  private watchSilence(child: ChildProcess): void {
    const { silence } = this.options;
    if (!silence) return;
    this.silentS = 0;
    this.watch = setInterval(() => {
      if (++this.silentS !== silence.limitS) return;
      silence.onKill();
      child.kill("SIGKILL");
    }, 1000);
  }

  private ended(exit: Exit): void {
    this.child = undefined;
    clearInterval(this.watch);
    if (!this.isWanted) return;
    this.restarts++;
    if (exit.ranMs > HEALTHY_MS) this.delayMs = FIRST_DELAY_MS;
    const { delayMs } = this;
    this.delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2);
    this.timer = setTimeout(() => this.start(), delayMs);
    this.options.onExit(exit, delayMs);
  }
}
