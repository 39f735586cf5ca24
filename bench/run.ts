import type { BenchResult } from "./report";
import { printTable } from "./report";

// npm run bench -- NAME [--option value]: a table, then one last line `RESULT {json}`.
const benches: Record<string, () => Promise<{ bench(args: readonly string[]): Promise<BenchResult> }>> = {
  compile: () => import("./compile"),
  drift: () => import("./drift"),
  ingest: () => import("./ingest"),
  ledger: () => import("./ledger"),
  reconcile: () => import("./reconcile"),
  rollback: () => import("./rollback"),
  serving: () => import("./serving"),
};

const [name = "", ...args] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  process.stderr.write(`usage: npm run bench -- NAME, one of: ${Object.keys(benches).join(", ")}\n`);
  process.exit(2);
}
const { bench } = await load();
const { table, result } = await bench(args);
printTable(table);
process.stdout.write(`RESULT ${JSON.stringify(result)}\n`);
process.exit(0);
