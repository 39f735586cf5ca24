// The supervisor with real processes.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeCommand } from "@/embedded/tied";
import type { ChildDefinition, ChildStatus } from "./child";
import { Supervisor } from "./supervisor";

const POLICY = { backOffMs: [10, 20], crashes: 3, windowMs: 60_000, readyWithinMs: 20_000 } as const;
const IDLE = "setInterval(() => undefined, 1000)";
/** Children say when they have come so far: nothing here waits for a length of time. */
const READY = 'process.stdout.write("up\\n");';

let dir: string;
let supervisor: Supervisor;
let changes: ChildStatus[];
let waiting: { wanted: (status: ChildStatus) => boolean; resolve: (status: ChildStatus) => void }[];

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "proviso-supervisor-"));
  changes = [];
  waiting = [];
  const onChange = (status: ChildStatus) => {
    changes.push(status);
    for (const { wanted, resolve } of waiting) if (wanted(status)) resolve(status);
  };
  supervisor = new Supervisor({ logDir: dir, onChange, policy: POLICY });
});
afterEach(async () => {
  await supervisor.stop([], 200);
  rmSync(dir, { recursive: true });
});

function next(wanted: (status: ChildStatus) => boolean): Promise<ChildStatus> {
  return new Promise((resolve) => waiting.push({ wanted, resolve }));
}

const logOf = (name: string) => readFileSync(path.join(dir, `${name}.log`), "utf8");

async function saysUp(name: string, signal: AbortSignal): Promise<void> {
  while (!logOf(name).includes('"up"')) {
    signal.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function child(name: string, code: string, more: Partial<ChildDefinition> = {}): ChildDefinition {
  const env = { PATH: process.env.PATH ?? "" };
  return { name, command: nodeCommand(["--eval", code]), env, ready: (signal) => saysUp(name, signal), ...more };
}

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("a child that is killed is started again, and the status says so", async () => {
  const before = await supervisor.start(child("web", READY + IDLE));
  expect(before).toMatchObject({ state: "running", restarts: 0, lastExit: null });
  const again = next(({ state, restarts }) => state === "running" && restarts === 1);
  process.kill(before.pid ?? 0, "SIGKILL");
  const after = await again;
  expect(after.pid).not.toBe(before.pid);
  expect(after.lastExit).toBe("was killed by SIGKILL");
  expect(changes.map(({ state }) => state)).toEqual(["starting", "running", "waiting", "starting", "running"]);
  expect(changes[2]?.reason).toBe("it was killed by SIGKILL; starting again in 0.01 s");
});

test("a child that crashes three times is stopped, with the error it died of as the reason", async () => {
  const status = await supervisor.start(child("worker", 'throw new Error("no database")'));
  expect(status).toMatchObject({ state: "stopped", pid: null, restarts: 2 });
  expect(status.reason).toMatch(/^crashed 3 times within 60 s; last time it exited with 1: .*no database/);
  expect(changes.map(({ state }) => state)).toEqual([
    "starting",
    "waiting",
    "starting",
    "waiting",
    "starting",
    "stopped",
  ]);
});

test("a crash of one child leaves the others alone", async () => {
  const web = await supervisor.start(child("web", READY + IDLE));
  await supervisor.start(child("worker", "process.exit(3)"));
  const states = supervisor.status().map(({ name, state, pid }) => ({ name, state, pid }));
  expect(states).toEqual([
    { name: "web", state: "running", pid: web.pid },
    { name: "worker", state: "stopped", pid: null },
  ]);
});

test("a child that may finish is not started again after status 0, and is after a crash", async () => {
  const code = `const fs = require("fs"); ${READY} if (fs.existsSync("once")) process.exit(0); fs.writeFileSync("once", ""); process.exit(1);`;
  const finished = next(({ reason }) => reason === "finished");
  await supervisor.start(child("replay", code, { finishes: true, cwd: dir }));
  expect(await finished).toMatchObject({ state: "stopped", restarts: 1 });
});

test("a child that never gets ready is killed and counted as crashed", async () => {
  const impatient = new Supervisor({ logDir: dir, policy: { ...POLICY, crashes: 1, readyWithinMs: 50 } });
  const status = await impatient.start(child("stuck", IDLE));
  expect(status.reason).toMatch(/was not ready in 0\.05 s and was killed/);
  await impatient.stop([], 200);
});

test("stopping ends all children in the order asked, also one that does not listen, and what it has forked", async () => {
  const deaf = `process.on("SIGTERM", () => undefined);
    const child = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(IDLE)}], { stdio: "inherit" });
    console.log(JSON.stringify({ grandchild: child.pid })); ${READY} ${IDLE}`;
  const database = await supervisor.start(child("database", READY + IDLE));
  const web = await supervisor.start(child("web", deaf));
  const grandchild = Number(/"grandchild":(\d+)/.exec(logOf("web"))?.[1]);
  expect([database.pid, web.pid, grandchild].every(isAlive)).toBe(true);
  await supervisor.stop([["web"], ["database"]], 200);
  expect([database.pid, web.pid].some(isAlive)).toBe(false);
  while (isAlive(grandchild)) await new Promise((resolve) => setImmediate(resolve)); // killed, until init has collected it
  expect(changes.slice(-2).map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    "web told to stop",
    "database told to stop",
  ]);
});

test("a command that does not exist is a reason, not an exception", async () => {
  const status = await supervisor.start(child("gone", "", { command: ["/nonexistent/program", []] }));
  expect(status.reason).toMatch(/ENOENT/);
});

test("logs hold JSON lines: the child's own as they are, everything else wrapped", async () => {
  const code = `console.log('{"level":30,"msg":"own"}'); console.error("plain"); ${READY} ${IDLE}`;
  await supervisor.start(child("mixed", code));
  await supervisor.stop([], 1000);
  const lines = logOf("mixed").trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).msg).sort()).toEqual(["own", "plain", "up"]);
  expect(JSON.parse(lines.find((line) => line.includes("plain")) ?? "")).toMatchObject({ level: 50 });
});
