// The processes of the one-machine set-up.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { clickHouseProcess } from "@/embedded/clickhouse/launcher";
import { postgresProcess } from "@/embedded/postgres";
import { nodeCommand } from "@/embedded/tied";
import type { ChildDefinition } from "./child";
import {
  adminUrl,
  baseEnvironment,
  exampleEnvironment,
  type Installation,
  publicUrl,
  runtimeEnvironment,
  webEnvironment,
  workerEnvironment,
} from "./environment";
import { accepts, answers, listens, lives } from "./probes";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** "server-only" throws outside a React server: under this condition it is empty. */
export const TYPESCRIPT = ["--conditions=react-server", "--import", "tsx"];

export async function postgres(of: Installation): Promise<ChildDefinition> {
  const url = Object.assign(new URL(adminUrl(of)), { pathname: "/postgres" }).href;
  return {
    name: "postgres",
    command: await postgresProcess(path.join(of.dataDir, "postgres"), of.ports.postgres),
    env: baseEnvironment(),
    stopSignal: "SIGINT", // fast shutdown: does not wait for clients
    ready: accepts(url),
  };
}

export function clickHouse(of: Installation): ChildDefinition {
  const { command, args, env } = clickHouseProcess({
    dir: path.join(of.dataDir, "clickhouse"),
    port: of.ports.clickhouse,
  });
  return {
    name: "clickhouse",
    command: [command, args],
    cwd: ROOT,
    env: { ...baseEnvironment(), ...env },
    ready: answers(`http://127.0.0.1:${of.ports.clickhouse}/ping`),
  };
}

export function runtime(of: Installation): ChildDefinition {
  return {
    name: "runtime",
    command: nodeCommand([...TYPESCRIPT, "runtime/host.ts"]),
    cwd: ROOT,
    env: runtimeEnvironment(of),
    ready: listens(of.ports.runtime),
  };
}

export function worker(of: Installation, dev: boolean): ChildDefinition {
  const watch = dev ? [path.join(ROOT, "node_modules/tsx/dist/cli.mjs"), "watch", "--clear-screen=false"] : [];
  const args = dev ? [...watch, "--conditions=react-server", "worker/main.ts"] : [...TYPESCRIPT, "worker/main.ts"];
  return {
    name: "worker",
    command: nodeCommand(args),
    cwd: ROOT,
    env: workerEnvironment(of),
    ready: lives(1_500),
    wholeGroup: dev,
  };
}

/** Decides who comes straight from this machine before Next sees the request. Next forks in development: hence NODE_OPTIONS. */
const DIRECT = `--require ${JSON.stringify(path.join(ROOT, "embedded/direct.cjs"))}`;

export function web(of: Installation, dev: boolean): ChildDefinition {
  const next = path.join(ROOT, "node_modules/next/dist/bin/next");
  const args = dev ? [next, "dev", "-H", "127.0.0.1", "-p", String(of.webPort)] : ["server.js"];
  return {
    name: "web",
    command: nodeCommand(args),
    cwd: dev ? ROOT : path.join(ROOT, ".next/standalone"),
    env: { ...webEnvironment(of), NODE_OPTIONS: DIRECT, ...(dev && { NODE_ENV: "development" }) },
    ready: answers(`${publicUrl(of.webPort)}/api/health`),
    wholeGroup: dev,
  };
}

/** Goes on with the example's traffic where it was; ends by itself when the data does. */
export function replay(of: Installation): ChildDefinition {
  return {
    name: "replay",
    command: nodeCommand(["--import", "tsx", "examples/flight-delays/replay.ts"]),
    cwd: ROOT,
    env: exampleEnvironment(of),
    ready: lives(500),
    finishes: true,
  };
}
