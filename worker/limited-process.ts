import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import path from "node:path";

export type Limits = {
  readonly memoryBytes: number;
  readonly seconds: number;
};

export type Ended = {
  /** What it wrote to descriptor 3. */
  readonly answer: string;
  readonly complaint: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
};

const ROOT = path.dirname(import.meta.dirname);
const MAX_ANSWER = 1 << 25;
/** Nothing of the worker's own: its environment has passwords. */
const ENVIRONMENT = { NODE_ENV: "production", PATH: "/usr/local/bin:/usr/bin:/bin", TSX_DISABLE_CACHE: "1" } as const;

/**
 * Runs one of our TypeScript programs in a process of its own, with limited memory, processor time and wall time; where Linux offers
 * it, also without network, without writing files, and never outliving this process.
 * @throws Error when it does not start, or `signal` fires
 */
export function runLimited(program: string, input: unknown, limits: Limits, signal: AbortSignal): Promise<Ended> {
  const node = [process.execPath, "--import", "tsx", path.resolve(ROOT, "worker", program)];
  const [command = "", ...args] = [...wrappers(limits), ...node];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: ENVIRONMENT,
      stdio: ["pipe", "ignore", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, limits.seconds * 1000);
    const answer = collect(child.stdio[3]);
    const complaint = collect(child.stderr);
    child.once("error", reject);
    child.once("close", (code, ending) => {
      clearTimeout(timer);
      resolve({ answer: answer(), complaint: complaint(), code, signal: ending, timedOut });
    });
    child.stdin?.on("error", () => undefined); // it ended before it read the question: "close" tells
    child.stdin?.end(JSON.stringify(input));
  });
}

function collect(stream: unknown): () => string {
  let text = "";
  if (stream && typeof stream === "object" && "on" in stream && typeof stream.on === "function") {
    stream.on("data", (chunk: Buffer) => {
      if (text.length < MAX_ANSWER) text += chunk.toString();
    });
  }
  return () => text;
}

const works = ({ status }: SpawnSyncReturns<Buffer>) => status === 0;
let available: { readonly limits: boolean; readonly network: readonly string[]; readonly tie: boolean } | undefined;

/** Commands that start the next one under limits: util-linux, as far as this system has and allows it. */
function wrappers({ memoryBytes, seconds }: Limits): string[] {
  available ??= {
    limits: works(spawnSync("prlimit", ["--data=1000000000", "true"])),
    network:
      [
        ["unshare", "--net"],
        ["unshare", "--map-root-user", "--net"],
      ].find(([command = "", ...args]) => works(spawnSync(command, [...args, "true"]))) ?? [],
    tie: works(spawnSync("setpriv", ["--pdeathsig", "KILL", "true"])),
  };
  return [
    ...available.network,
    ...(available.limits
      ? ["prlimit", `--data=${memoryBytes}`, `--cpu=${seconds}`, "--fsize=0", "--core=0", "--nofile=256"]
      : []),
    ...(available.tie ? ["setpriv", "--pdeathsig", "KILL"] : []),
  ];
}
