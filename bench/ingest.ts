import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { clickHouseInsert } from "@/runtime/clickhouse-insert";
import { EventLog } from "@/runtime/event-log";
import { type Batch, shipNext } from "@/runtime/ship";
import { Spool } from "@/runtime/spool";
import { unshippedBytes } from "@/runtime/spool-segments";
import { TestClickHouse } from "@/runtime/test-clickhouse";
import { TestHost, until } from "@/runtime/test-host";
import { ROOT, TYPESCRIPT } from "@/runtime/typescript-loader";
import { type BenchResult, option, rounded } from "./report";
import { TURN, writeTurn } from "./spool-turn";

/**
 * From the spool to queryable, with a backlog all the time and kill -9 of both sides in turn, against what the same engine takes of
 * the same batches from a loop that does nothing else, while the engine is killed at the same pace. The writer stands in for an
 * endpoint, because such a backlog of single rows takes more requests than one machine can send; shipper and host are the real ones.
 */
const ENDPOINT = "bench";

export async function bench(args: readonly string[]): Promise<BenchResult> {
  const seconds = option(args, "seconds", 60);
  const kills = option(args, "kills", 5);
  const clickhouse = new TestClickHouse();
  const host = new TestHost();
  await clickhouse.start();
  try {
    // Half of the reference before and half after: what else the machine does changes.
    const before = await engineAlone(clickhouse, seconds / 2, kills / 2);
    const { stored, lost, doubled, written } = await withKills(clickhouse, host, seconds, kills);
    const after = await engineAlone(clickhouse, seconds / 2, kills / 2);
    const engine = (before + after) / 2;
    const ours = stored / seconds;
    return {
      table: [
        ["", "requests/s, one row each"],
        ["engine alone, same batches", `${engine.toFixed(0)} (${before.toFixed(0)} before, ${after.toFixed(0)} after)`],
        ["spool to queryable", ours.toFixed(0)],
        ["kill -9 of each side", String(kills)],
        ["written / lost / doubled", `${written} / ${lost} / ${doubled}`],
      ],
      result: { ratioToEngine: rounded(ours / engine), lost, doubled },
    };
  } finally {
    await host.close();
    await clickhouse.close();
  }
}

/** @returns requests per second that were taken, kills of the engine and its restarts included */
async function engineAlone(clickhouse: TestClickHouse, seconds: number, kills: number): Promise<number> {
  const { batch, requests } = await oneBatch();
  const insert = clickHouseInsert(clickhouse.url);
  const start = Date.now();
  const end = start + seconds * 1000;
  const killing = killInTurn(start, seconds, [() => restart(clickhouse)], Math.floor(kills));
  let batches = 0;
  while (Date.now() < end) {
    const isTaken = await insert({ ...batch, token: `reference-${start}-${batches}` }).then(
      () => true,
      () => at(Date.now() + RETRY_MS).then(() => false),
    );
    if (isTaken && Date.now() <= end) batches++;
  }
  await killing;
  return (batches * requests) / seconds;
}

const RETRY_MS = 50;
const restart = (clickhouse: TestClickHouse) => clickhouse.kill().then(() => clickhouse.start());
const at = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())));

/** Spreads `times` kills evenly over the seconds after `start`. */
async function killInTurn(start: number, seconds: number, kill: readonly (() => Promise<unknown>)[], times: number) {
  for (let k = 0; k < times; k++) {
    await at(start + (seconds * 1000 * (k + 1)) / (times + 1));
    await kill[k % kill.length]?.();
  }
}

/** What the shipper would send at once, taken from a real spool. */
async function oneBatch(): Promise<{ batch: Batch; requests: number }> {
  const dir = mkdtempSync(path.join(tmpdir(), "bench-batch-"));
  try {
    const spool = new Spool({ dir, segmentBytes: 64 * 1024 ** 2, capBytes: 1024 ** 3 });
    const log = new EventLog("reference", () => "supplied", spool);
    let requests = 0;
    const batchBytes = 4 * 1024 ** 2;
    while (unshippedBytes(dir) < batchBytes - 32_768) {
      writeTurn(log, "reference", requests);
      requests += TURN;
    }
    spool.close();
    const batches: Batch[] = [];
    const insert = async (batch: Batch) => void batches.push(batch);
    await shipNext({ endpoint: "reference", dir, batchBytes, insert, onTorn: () => {} });
    const [batch] = batches;
    if (!batch) throw new Error("the spool gave no batch");
    return { batch, requests };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function withKills(clickhouse: TestClickHouse, host: TestHost, seconds: number, kills: number) {
  const startHost = () => host.start({ CLICKHOUSE_URL: clickhouse.url });
  await startHost();
  const writer = new Writer(path.join(host.dir, "spool", ENDPOINT));
  const killEngine = () => restart(clickhouse);
  const killShipper = async () => process.kill((await host.status()).shipper.pid ?? 0, "SIGKILL");
  const killHost = () => host.kill("SIGKILL").then(startHost);
  const turns = [() => writer.killAndStart(), killEngine, killShipper, killEngine, killHost, killEngine];
  writer.start();
  await until("a backlog, and its first batch in ClickHouse", async () => {
    return unshippedBytes(writer.dir) > 8 * 1024 ** 2 && (await countStored(clickhouse)) > 0;
  });
  const start = Date.now();
  const already = await countStored(clickhouse);
  await killInTurn(start, seconds, turns, 2 * kills);
  await at(start + seconds * 1000);
  const stored = (await countStored(clickhouse)) - already;
  await writer.kill();
  await until("the spool to be shipped", async () => unshippedBytes(writer.dir) === 0, 120_000);
  return { stored, ...(await compare(clickhouse, writer.acknowledged)) };
}

/** The writer process, through its restarts. */
class Writer {
  /** Requests that were safely written, by run. */
  readonly acknowledged = new Map<string, number>();
  private child: ChildProcess | undefined;

  constructor(readonly dir: string) {}

  start(): void {
    const run = `run${this.acknowledged.size}`;
    this.acknowledged.set(run, 0);
    const program = path.join(ROOT, "bench/spool-writer.ts");
    const args = [...TYPESCRIPT, program, this.dir, ENDPOINT, run];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["pipe", "pipe", "inherit"] });
    let rest = "";
    child.stdout.on("data", (chunk) => {
      const lines = `${rest}${chunk}`.split("\n");
      rest = lines.pop() ?? "";
      const last = lines.at(-1);
      if (last) this.acknowledged.set(run, Number(last));
    });
    this.child = child;
  }

  async kill(): Promise<void> {
    const { child } = this;
    const gone = new Promise((resolve) => child?.once("close", resolve));
    child?.kill("SIGKILL");
    await gone;
  }

  async killAndStart(): Promise<void> {
    await this.kill();
    this.start();
  }
}

async function countStored(clickhouse: TestClickHouse): Promise<number> {
  const [row] = await clickhouse.query<{ n: number }>(
    `SELECT count() AS n FROM inference_rows WHERE endpoint = '${ENDPOINT}'`,
  );
  return row?.n ?? 0;
}

/** By request id, in both tables: what was written safely and is not there, and what is there more than once. */
async function compare(clickhouse: TestClickHouse, acknowledged: ReadonlyMap<string, number>) {
  let lost = 0;
  let doubled = 0;
  for (const table of ["inference_requests", "inference_rows"]) {
    const runs = await clickhouse.query<{ run: string; n: number; ids: number[] }>(
      `SELECT splitByChar('-', request_id)[1] AS run, count() AS n,
         groupUniqArray(toUInt32(splitByChar('-', request_id)[2])) AS ids
       FROM ${table} WHERE endpoint = '${ENDPOINT}' GROUP BY run`,
    );
    for (const [run, owed] of acknowledged) {
      const { n, ids } = runs.find((found) => found.run === run) ?? { n: 0, ids: [] };
      lost += owed - ids.filter((id) => id < owed).length;
      doubled += n - ids.length;
    }
  }
  return { lost, doubled, written: [...acknowledged.values()].reduce((sum, n) => sum + n, 0) };
}
