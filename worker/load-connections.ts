import { connect, type Socket } from "node:net";
import type { LoadTarget, RequestOutcome } from "./load-messages";

type Answered = (request: number, outcome: RequestOutcome) => void;
type Connection = { readonly socket: Socket; request: number | null; text: string };

/** How the runtime flags what a stand-in answered. */
const FALLBACK = /"fallback":\s*true/;
const SECONDARY = /"secondary":"/;

/**
 * Keep-alive connections with one request at a time on each, opened as they are needed. Raw sockets: an HTTP client would take more of
 * the machine than what is measured.
 */
export class Connections {
  private readonly requests: readonly Buffer[];
  private readonly idle: Connection[] = [];
  private readonly open = new Set<Connection>();
  private readonly waiting: number[] = [];

  constructor(
    private readonly target: LoadTarget,
    private readonly leaving: (request: number) => void,
    private readonly answered: Answered,
  ) {
    this.requests = target.bodies.map((body) => requestOf(target, body));
  }

  /** Sends now on a free connection, or as soon as there is one. */
  send(request: number): void {
    const free = this.idle.pop();
    if (free) this.write(free, request);
    else if (this.open.size < this.target.connections) this.write(this.opened(), request);
    else this.waiting.push(request);
  }

  /** Gives up on what is under way or waits. */
  close(): void {
    this.waiting.length = 0;
    for (const connection of this.open) {
      connection.request = null;
      connection.socket.destroy();
    }
  }

  private opened(): Connection {
    const connection: Connection = { socket: connect(this.target.port, "127.0.0.1"), request: null, text: "" };
    this.open.add(connection);
    connection.socket
      .setNoDelay(true)
      .on("data", (chunk) => this.received(connection, chunk))
      .on("error", () => undefined) // "close" follows
      .on("close", () => this.closed(connection));
    return connection;
  }

  private write(connection: Connection, request: number): void {
    const bytes = this.requests[request % this.requests.length];
    if (!bytes) return;
    connection.request = request;
    connection.text = "";
    this.leaving(request);
    connection.socket.write(bytes);
  }

  private received(connection: Connection, chunk: Buffer): void {
    connection.text += chunk.toString("latin1");
    const { request, text } = connection;
    if (request === null || !isWhole(text)) return;
    connection.request = null;
    this.answered(request, outcomeOf(text));
    const next = this.waiting.shift();
    if (next === undefined) this.idle.push(connection);
    else this.write(connection, next);
  }

  private closed(connection: Connection): void {
    this.open.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
    if (connection.request !== null) this.answered(connection.request, "broken");
    const next = this.waiting.shift();
    if (next !== undefined) this.send(next);
  }
}

function requestOf({ path, token }: LoadTarget, body: string): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  const length = head < 0 ? undefined : /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  return length !== undefined && text.length >= head + 4 + Number(length);
}

/** By status and the flags of the body: an answer of a stand-in is a 200 like any other. */
function outcomeOf(text: string): RequestOutcome {
  const status = Number(text.slice(9, 12));
  if (status === 200) return FALLBACK.test(text) ? "fallback" : SECONDARY.test(text) ? "secondary" : "model";
  if (status === 429 || status === 503) return "refused";
  return status === 504 ? "timeout" : "failed";
}
