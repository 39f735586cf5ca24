import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { Endpoint } from "./endpoint";
import { listenPatiently } from "./listen";
import type { Assignment, EndpointStart, FromEndpoint, ToEndpoint } from "./messages";
import { Spool } from "./spool";

/** The program of one endpoint. Its host tells it what to serve; it ends when the host is gone. */
const REPORT_MS = 1000;
const DRAIN_LIMIT_MS = 5000;
const BIND_LIMIT_MS = 10_000;

const server = createServer({ keepAliveTimeout: 75_000, headersTimeout: 10_000, requestTimeout: 30_000 });
let endpoint: Endpoint | undefined;
let latest: Assignment | undefined;

process.on("message", (message: ToEndpoint) => {
  if (message.type === "fault") {
    send({ type: "broken", revision: endpoint?.break(message.fault, message.revision) ?? null });
    return;
  }
  latest = message.assignment;
  if (message.type === "assign") endpoint?.assign(message.assignment);
  else begin(message).catch(giveUp);
});
// Also when the host was killed: the channel closes with it.
process.on("disconnect", () => void end());
process.on("SIGTERM", () => void end());
process.on("SIGINT", () => {}); // a Ctrl-C reaches the whole group; the host decides

async function begin(start: EndpointStart): Promise<void> {
  mkdirSync(start.spoolDir, { recursive: true, mode: 0o700 });
  // The port is the lock of the spool: an older process of this endpoint holds it while it answers its last requests.
  await listenPatiently(server, start.port, BIND_LIMIT_MS);
  const spool = new Spool({ dir: start.spoolDir, segmentBytes: start.segmentBytes, capBytes: start.spoolBytes });
  const observer = {
    loading: (revision: string) => send({ type: "loading", revision }),
    changed: () => report(),
    hung,
  };
  endpoint = new Endpoint(start, spool, observer);
  server.on("request", endpoint.handle);
  endpoint.assign(latest ?? start.assignment);
  setInterval(report, REPORT_MS).unref();
}

function report(): void {
  if (endpoint) send({ type: "report", report: endpoint.report() });
}

function send(message: FromEndpoint): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {}); // the host may be gone by now
}

/**
 * A thread that runs a model cannot be stopped, and an orderly exit would abort in it. What waits gets the answer that stands in, new
 * connections go to the next process, and then a kill ends it all.
 */
function hung(reason: string, lastAnswersMs: number): void {
  send({ type: "hung", reason });
  process.stderr.write(`${JSON.stringify({ level: "fatal", msg: reason })}\n`);
  void endpoint?.leave(server);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), Math.min(lastAnswersMs, DRAIN_LIMIT_MS));
}

function giveUp(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${JSON.stringify({ level: "fatal", msg: text })}\n`);
  process.send?.({ type: "failed", reason: text } satisfies FromEndpoint, () => process.exit(1));
}

async function end(): Promise<void> {
  setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref();
  await endpoint?.close(server);
  process.exit(0);
}
