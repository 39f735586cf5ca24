import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { startClickHouse } from "@/embedded/clickhouse/launcher";
import { startPostgres } from "@/embedded/postgres";

/** A supervisor in a process of its own, with the real databases and Node children that do not want to end. */
const PROGRAM = `
import { initPostgres, postgresProcess } from "@/embedded/postgres";
import { clickHouseProcess } from "@/embedded/clickhouse/launcher";
import { Supervisor } from "@/embedded/supervisor/supervisor";
import { freePort } from "@/embedded/free-port.mjs";
import { answers, listens, lives } from "@/embedded/supervisor/probes";
import { nodeCommand } from "@/embedded/tied";
const dir = process.argv[1];
const env = process.env;
const supervisor = new Supervisor({ logDir: dir + "/logs" });
const port = await freePort();
await initPostgres(dir + "/postgres");
await supervisor.start({ name: "postgres", command: await postgresProcess(dir + "/postgres", port), env, ready: listens(port) });
const chPort = await freePort();
const ch = clickHouseProcess({ dir: dir + "/clickhouse", port: chPort });
await supervisor.start({ name: "clickhouse", command: [ch.command, ch.args], env: { ...env, ...ch.env }, ready: answers("http://127.0.0.1:" + chPort + "/ping") });
const busy = 'process.on("SIGINT", () => undefined); setInterval(() => undefined, 1000)';
await supervisor.start({ name: "web", command: nodeCommand(["--eval", busy]), env, ready: lives(1) });
console.log(JSON.stringify(supervisor.status().map(({ pid }) => pid)));
`;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("kill -9 of the supervisor leaves no child behind, and the data opens again", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "proviso-orphans-"));
  const args = ["--import", "tsx", "--input-type=module", "--eval", PROGRAM, dir];
  const supervisor = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: supervisor.stdout }), "line");
  const pids = JSON.parse(line) as number[];
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  supervisor.kill("SIGKILL");
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
  const postgres = await startPostgres({ dir: path.join(dir, "postgres") });
  const clickhouse = await startClickHouse({ dir: path.join(dir, "clickhouse") });
  await Promise.all([postgres.stop(), clickhouse.stop()]);
  rmSync(dir, { recursive: true });
}, 60_000);

test("a second engine on the same folder is refused with a clear error", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "proviso-twice-"));
  const first = await startClickHouse({ dir: path.join(dir, "clickhouse") });
  await expect(startClickHouse({ dir: path.join(dir, "clickhouse") })).rejects.toThrow(/already running/);
  const postgres = await startPostgres({ dir: path.join(dir, "postgres") });
  await expect(startPostgres({ dir: path.join(dir, "postgres") })).rejects.toThrow(/postmaster\.pid/);
  await Promise.all([first.stop(), postgres.stop()]);
  rmSync(dir, { recursive: true });
}, 60_000);
