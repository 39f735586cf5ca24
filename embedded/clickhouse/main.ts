// The process of the embedded ClickHouse engine: main.ts DIR PORT. The password is in DIR.secret; see launcher.ts.
import { readFileSync } from "node:fs";
import path from "node:path";
import { serveClickHouse } from "./server";

/** The engine takes 90 % of the machine and a 5 GB mark cache if nobody says otherwise. Budget for a process: the cap + 0.3 GB. */
const ENGINE_ARGUMENTS = "--max_server_memory_usage=1500000000 --mark_cache_size=67108864";
const DEFAULTS = { max_execution_time: "60", max_memory_usage: "600000000" };
/** A hard exit is safe: what was acknowledged is on disk. */
const PATIENCE_MS = 2_500;

const dir = path.resolve(process.argv[2] ?? "");
const server = await serveClickHouse({
  dir,
  port: Number(process.argv[3] ?? 0),
  password: readFileSync(`${dir}.secret`, "utf8"),
  engineArguments: (process.env.CH_ENGINE_ARGS ?? ENGINE_ARGUMENTS).split(" ").filter(Boolean),
  defaults: { ...DEFAULTS, ...JSON.parse(process.env.CH_DEFAULTS ?? "{}") },
});
console.log(JSON.stringify({ level: 30, time: Date.now(), msg: `listening on ${server.port}`, port: server.port }));

function end(): void {
  setTimeout(() => process.exit(0), PATIENCE_MS).unref();
  server.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}
process.on("SIGTERM", end).on("SIGINT", end);
if (!process.stdin.isTTY) process.stdin.on("end", end).resume(); // the parent died or let go
