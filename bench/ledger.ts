import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startClickHouse } from "@/embedded/clickhouse/launcher";
import { ROOT, TYPESCRIPT } from "@/runtime/typescript-loader";
import { type BenchResult, option, rounded } from "./report";

/**
 * One evaluation of all clauses of 50 endpoints over ten million rows by the worker's own code, against a fresh engine that holds the rows
 * and everything that is made from them. Reference: one full scan of the same rows' scores in the same engine.
 */
export async function bench(args: readonly string[]): Promise<BenchResult> {
  const [endpoints, rows] = [option(args, "endpoints", 50), option(args, "rows", 10_000_000)];
  const directory = mkdtempSync(path.join(tmpdir(), "bench-ledger-"));
  const engine = await startClickHouse({ dir: path.join(directory, "data") });
  try {
    // The modules of the server refuse to load without this condition.
    const node = ["--conditions=react-server", ...TYPESCRIPT, path.join(ROOT, "bench/ledger-run.ts")];
    const env = { ...process.env, CLICKHOUSE_URL: engine.url, DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
    const { status, stdout, stderr } = spawnSync(process.execPath, [...node, `${endpoints}`, `${rows}`], {
      ...{ cwd: ROOT, env, encoding: "utf8" as const },
    });
    if (status !== 0) throw new Error(stderr.slice(-3000));
    const { times, scan, clauses, proven } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
    const [first = 0, ...warm] = times as number[];
    const seconds = warm.toSorted((a, b) => a - b)[Math.floor(warm.length / 2)] ?? first;
    return {
      table: [
        [`${endpoints} endpoints, ${rows.toLocaleString("en-US")} rows`, ""],
        ["clauses evaluated, of them with a number", `${clauses}, ${proven}`],
        ["first evaluation", `${first.toFixed(2)} s`],
        ["median of the next", `${seconds.toFixed(2)} s`],
        ["one scan of the scores", `${(scan as number).toFixed(2)} s`],
      ],
      result: { seconds: rounded(seconds), firstSeconds: rounded(first), ratioToScan: rounded(seconds / scan, 2) },
    };
  } finally {
    await engine.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
