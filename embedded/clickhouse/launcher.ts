import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { nodeCommand } from "@/embedded/tied";

export type LocalClickHouse = {
  /** With user, password and the database `default`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
};

/** Threads for the engine's calls come from libuv's pool: with one, small queries would wait for every scan. */
const THREADS = { UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? "16" };

/** How to start the engine's process on `dir`; makes the password once per installation (file `dir`.secret, mode 0600). */
export function clickHouseProcess(options: { readonly dir: string; readonly port: number }) {
  const dir = path.resolve(options.dir);
  const secret = `${dir}.secret`;
  mkdirSync(path.dirname(dir), { recursive: true, mode: 0o700 });
  if (!existsSync(secret)) writeFileSync(secret, randomBytes(24).toString("base64url"), { mode: 0o600 });
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const [command, args] = nodeCommand(["--import", "tsx", main, dir, String(options.port)]);
  const urlOf = (port: number, database: string) =>
    `http://default:${readFileSync(secret, "utf8")}@127.0.0.1:${port}/${database}`;
  return { command, args, env: THREADS, urlOf };
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`clickhouse exited with ${code}:\n${log}`)));
    const read = (text: string) => {
      log = (log + text).slice(-4000);
      const port = /"port":(\d+)/.exec(log)?.[1];
      if (port) resolve(Number(port));
    };
    child.stdout?.setEncoding("utf8").on("data", read);
    child.stderr?.setEncoding("utf8").on("data", read);
  });
}

/** Starts the engine in a process of its own that ends with this one. A free port is taken if none is given. */
export async function startClickHouse(options: {
  readonly dir: string;
  readonly port?: number;
}): Promise<LocalClickHouse> {
  const { command, args, env, urlOf } = clickHouseProcess({ dir: options.dir, port: options.port ?? 0 });
  const child = spawn(command, args, { stdio: "pipe", env: { ...process.env, ...env } });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await listening(child);
  return {
    port,
    pid: child.pid ?? 0,
    url: urlOf(port, "default"),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
