// A load generator in a process of its own: keep-alive connections, one request at a time on each. Reads its orders as JSON from the
// first argument and prints one line of JSON. Raw sockets, because http.request would take more of the machine than what is measured.
import { connect, type Socket } from "node:net";

export type LoadOrder = {
  port: number;
  path: string;
  token: string;
  body: string;
  connections: number;
  seconds: number;
};
export type LoadReport = { requestsPerSecond: number; p50Ms: number; p99Ms: number; errors: number };

const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
const request = Buffer.from(
  [
    `POST ${order.path} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${order.token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(order.body)}`,
    "",
    order.body,
  ].join("\r\n"),
);
const latencies: number[] = [];
let errors = 0;
const start = performance.now();
const end = start + order.seconds * 1000;

/** Bytes of the answer that `text` begins with, or 0 while it is not complete. */
function answerLength(text: string): number {
  const head = text.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return head >= 0 && length !== undefined && text.length >= head + 4 + Number(length) ? head + 4 + Number(length) : 0;
}

function drive(socket: Socket, done: () => void): void {
  let sentAt = 0;
  let text = "";
  const send = () => {
    sentAt = performance.now();
    if (sentAt < end) socket.write(request);
    else socket.destroy();
  };
  socket.setNoDelay(true).on("connect", send).on("close", done);
  socket.on("error", () => errors++);
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    if (answerLength(text) === 0) return;
    latencies.push(performance.now() - sentAt);
    if (!text.startsWith("HTTP/1.1 200")) errors++;
    text = "";
    send();
  });
}

await Promise.all(
  Array.from(
    { length: order.connections },
    () => new Promise<void>((done) => drive(connect(order.port, "127.0.0.1"), done)),
  ),
);
const seconds = (performance.now() - start) / 1000;
const sorted = Float64Array.from(latencies).sort();
const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const report: LoadReport = { requestsPerSecond: sorted.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), errors };
process.stdout.write(`${JSON.stringify(report)}\n`);
