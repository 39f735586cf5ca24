// Which processes belong to a data folder, written down so that a second start can tell "still running" from "left behind".
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StartError } from "@/embedded/start-error.mjs";

/** A pid alone may belong to another process by now: together with its start it names one process. */
type ProcessId = { readonly pid: number; readonly started: string };
type Written = { readonly supervisor: ProcessId; readonly children: readonly ProcessId[] };

const LEAVE_WITHIN_MS = 10_000;

function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") {
    const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  }
  try {
    // The name, in parentheses, may hold spaces. Field 3 is the state, field 22 the start in ticks since boot.
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function identify(pid: number): ProcessId[] {
  const started = startOf(pid);
  return started === undefined ? [] : [{ pid, started }];
}

const isAlive = ({ pid, started }: ProcessId) => startOf(pid) === started;

const fileOf = (dataDir: string) => path.join(dataDir, "processes.json");

function read(dataDir: string): Written | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), "utf8")) as Written;
  } catch {
    return undefined;
  }
}

export function writeProcesses(dataDir: string, children: readonly (number | null)[]): void {
  const [supervisor] = identify(process.pid);
  if (!supervisor) return;
  const known = children.flatMap((pid) => (pid === null ? [] : identify(pid)));
  writeFileSync(fileOf(dataDir), JSON.stringify({ supervisor, children: known } satisfies Written), { mode: 0o600 });
}

export function forgetProcesses(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Throws if a supervisor works in the folder; waits for children that outlived a killed one, and ends the stubborn. */
export async function claim(dataDir: string): Promise<void> {
  const written = read(dataDir);
  if (!written) return;
  if (isAlive(written.supervisor)) {
    throw new StartError(
      `Proviso already runs on ${dataDir} (process ${written.supervisor.pid}): stop it, or choose another folder with --data-dir.`,
    );
  }
  const deadline = Date.now() + LEAVE_WITHIN_MS;
  while (written.children.some(isAlive) && Date.now() < deadline) await pause(50);
  for (const child of written.children.filter(isAlive)) process.kill(child.pid, "SIGKILL");
  while (written.children.some(isAlive)) await pause(20);
}
