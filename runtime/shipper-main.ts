import { createServer } from "node:http";
import { getPriority, setPriority } from "node:os";
import { clickHouseInsert } from "./clickhouse-insert";
import { listenPatiently } from "./listen";
import type { FromShipper, ToShipper } from "./messages";
import { Shipping } from "./shipping-round";

/**
 * The program that ships the spools of all endpoints to ClickHouse: in a process of its own, and with low priority, because the same
 * work inside a serving process made its slowest answers six times slower.
 */
const BATCH_BYTES = 4 * 1024 ** 2;
const LINGER_MS = 500;
const IDLE_MS = 100;
const REPORT_MS = 1000;
const BIND_LIMIT_MS = 10_000;
const NICE_BELOW_HOST = 10;

let isStarted = false;
process.on("message", (message: ToShipper) => {
  if (isStarted) return;
  isStarted = true;
  run(message).catch((error: unknown) => {
    process.stderr.write(`${JSON.stringify({ level: "fatal", msg: String(error) })}\n`);
    process.exit(1);
  });
});
// At once, also in the middle of an insert: the range is on disk, the next shipper repeats it under the same token.
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});

async function run({ spoolRoot, clickhouseUrl, port }: ToShipper): Promise<void> {
  setPriority(Math.min(19, getPriority() + NICE_BELOW_HOST));
  const insert = clickHouseInsert(clickhouseUrl);
  const shipping = new Shipping({ spoolRoot, insert, lingerMs: LINGER_MS, batchBytes: BATCH_BYTES });
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(metricsText(shipping));
  });
  // The port is the lock: one reader per spool, also while a shipper whose host was killed has not ended yet.
  await listenPatiently(server, port, BIND_LIMIT_MS);
  setInterval(() => report(shipping), REPORT_MS);
  for (;;) {
    const isBusy = await shipping.round(Date.now);
    if (!isBusy) await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
  }
}

function report({ problems }: Shipping): void {
  const [first] = problems;
  const message: FromShipper = {
    type: "report",
    ok: first === undefined,
    reason: first ? `endpoint ${first[0]}: ${first[1]}` : null,
  };
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

const metricsText = ({ shippedBytes, tornBytes, failures }: Shipping): string =>
  [
    "# TYPE proviso_spool_shipped_bytes_total counter",
    `proviso_spool_shipped_bytes_total ${shippedBytes}`,
    "# HELP proviso_spool_torn_bytes_total Ends of segments that are no whole frame: no answer had left for what a kill tore.",
    "# TYPE proviso_spool_torn_bytes_total counter",
    `proviso_spool_torn_bytes_total ${tornBytes}`,
    "# TYPE proviso_spool_ship_failures_total counter",
    `proviso_spool_ship_failures_total ${failures}`,
    "",
  ].join("\n");
