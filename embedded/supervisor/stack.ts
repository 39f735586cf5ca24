// Brings the one-machine set-up up in order: databases, migrations, accounts, runtime, worker, web, example.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { keepAccounts } from "@/embedded/accounts";
import { hasEngine } from "@/embedded/clickhouse/engine";
import { clickHouseProcess } from "@/embedded/clickhouse/launcher";
import type { Options } from "@/embedded/options.mjs";
import { initPostgres } from "@/embedded/postgres";
import { say, stage } from "@/embedded/progress.mjs";
import { StartError } from "@/embedded/start-error.mjs";
import type { ChildDefinition, ChildStatus } from "./child";
import { shown } from "./data-dir";
import { migrateClickHouse, migratePostgres } from "./databases";
import { clickHouse, postgres, replay, runtime, web, worker } from "./definitions";
import { applicationUrl, exampleEnvironment, type Installation, publicUrl } from "./environment";
import { choosePorts } from "./ports";
import { runScript } from "./run-script";
import { keepInferenceKey, keepSecrets } from "./secrets";
import type { Supervisor } from "./supervisor";

const READY_WITHIN_MS = 30_000;

/** Who ends together, and in which order: first what asks, last what is asked. */
export const STOP_ORDER = [["replay", "web", "worker"], ["runtime"], ["clickhouse", "postgres"]] as const;

/** Chooses and keeps what the installation is made of: ports, secrets, keys, addresses. */
export async function install(dataDir: string, webPort: number): Promise<Installation> {
  const ports = await choosePorts(dataDir);
  for (const folder of ["artifacts", "runtime", "example"]) {
    mkdirSync(path.join(dataDir, folder), { recursive: true, mode: 0o700 });
  }
  return {
    dataDir,
    webPort,
    ports,
    secrets: keepSecrets(dataDir),
    inferenceKeyFile: await keepInferenceKey(dataDir),
    clickHouseUrl: process.env.CLICKHOUSE_URL || ownClickHouse(dataDir, ports.clickhouse),
  };
}

function ownClickHouse(dataDir: string, port: number): string | undefined {
  if (!hasEngine()) return undefined;
  return clickHouseProcess({ dir: path.join(dataDir, "clickhouse"), port }).urlOf(port, "proviso");
}

async function serving(supervisor: Supervisor, definition: ChildDefinition): Promise<ChildStatus> {
  const status = await supervisor.start(definition);
  if (status.state === "running") return status;
  throw new StartError(
    `${definition.name} does not start: it ${status.reason}. Its log is logs/${definition.name}.log.`,
  );
}

async function startDatabases(supervisor: Supervisor, of: Installation): Promise<void> {
  await stage("postgres", async (tell) => {
    const dir = path.join(of.dataDir, "postgres");
    if (!existsSync(dir)) tell("making the database");
    await initPostgres(dir, of.secrets.postgresPassword);
    await serving(supervisor, await postgres(of));
    tell(`port ${of.ports.postgres}`);
  });
  if (process.env.CLICKHOUSE_URL) {
    say("clickhouse   the server of CLICKHOUSE_URL is used");
  } else if (of.clickHouseUrl) {
    await stage("clickhouse", async (tell) => {
      await serving(supervisor, clickHouse(of));
      tell(`port ${of.ports.clickhouse}`);
    });
  } else {
    say("clickhouse   chDB has no build for this machine: set CLICKHOUSE_URL to measure anything");
  }
}

async function prepareData(of: Installation): Promise<void> {
  await stage("migrate", async (tell) => {
    tell("PostgreSQL and ClickHouse");
    const [applied] = await Promise.all([migratePostgres(of), migrateClickHouse(of)]);
    tell(applied === 0 ? "up to date" : `${applied} migrations applied`);
  });
  await stage("accounts", async (tell) => {
    const { file, count } = await keepAccounts(applicationUrl(of), of.dataDir);
    tell(`${count} development accounts, tokens in ${shown(file)}`);
  });
}

/** Waits until every dependency that the portal needs answers; says which does not. */
async function portalReady(of: Installation): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  let said = "";
  while (Date.now() < deadline) {
    const response = await fetch(`${publicUrl(of.webPort)}/api/ready`).catch(() => undefined);
    if (response?.ok) return;
    said = (await response?.text()) ?? "no answer";
    await pause(200);
  }
  say(`web          is up, but /api/ready says: ${said.slice(0, 500)}`);
}

async function startProcesses(
  supervisor: Supervisor,
  of: Installation,
  dev: boolean,
  serves: Promise<ChildStatus>,
): Promise<void> {
  await stage("runtime", async (tell) => tell(outcome(await serves)));
  // Nobody calls the worker: it comes up beside the portal.
  const working = supervisor.start(worker(of, dev));
  await stage("web", async (tell) => {
    await serving(supervisor, web(of, dev));
    tell("waiting for its dependencies");
    await portalReady(of);
    tell(publicUrl(of.webPort));
  });
  await stage("worker", async (tell) => tell(outcome(await working)));
}

function outcome({ state, reason }: ChildStatus): string {
  return state === "running" ? "up" : `not up: ${reason}`;
}

/** The example is brought up once; after that its replay goes on where it was. */
async function startExample(supervisor: Supervisor, of: Installation): Promise<void> {
  const flowed = path.join(of.dataDir, "example", "traffic-flowed");
  if (!existsSync(flowed)) {
    await stage("example", async (tell) => {
      await runScript({
        what: "the example",
        args: ["--import", "tsx", "examples/flight-delays/run.ts", "--until", "traffic-flows"],
        env: exampleEnvironment(of),
        onLine: (line) => say(`${" ".repeat(12)} ${line}`),
      });
      tell("traffic flows");
    });
    writeFileSync(flowed, `${new Date().toISOString()}\n`);
  }
  await stage("replay", async (tell) => tell(outcome(await supervisor.start(replay(of)))));
}

/** Resolves when the portal, and with the example its traffic, can be looked at. */
export async function startStack(supervisor: Supervisor, of: Installation, options: Options): Promise<void> {
  await startDatabases(supervisor, of);
  // It serves what it served before, and needs neither the portal nor the tables for it.
  const serves = supervisor.start(runtime(of));
  await prepareData(of);
  await startProcesses(supervisor, of, options.mode === "dev", serves);
  if (options.example) await startExample(supervisor, of);
  say(`ready ${publicUrl(of.webPort)}`);
}
