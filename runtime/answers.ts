import type { ServerResponse } from "node:http";
import type { EventLog } from "./event-log";
import type { Refusal } from "./refusal";
import type { LoadedRevision } from "./revision";

type Answer = { res: ServerResponse; status: number; body: string; retryAfterS: number };

/** Answers of the current turn. They leave together, and only after their events are in the kernel. */
export class Answers {
  private waiting: Answer[] = [];
  private isPlanned = false;
  /** Set while the process ends: connections close after their answer. */
  closing = false;

  constructor(private readonly events: EventLog) {}

  add(res: ServerResponse, status: number, body: string, retryAfterS = 0): void {
    this.waiting.push({ res, status, body, retryAfterS });
  }

  refuse(res: ServerResponse, refusal: Refusal): void {
    this.add(res, refusal.status, JSON.stringify({ error: refusal.message }), refusal.retryAfterS);
  }

  /** For what is answered outside of a run: the rest of this poll phase joins, one write to disk for all of it. */
  releaseSoon(): void {
    if (this.isPlanned) return;
    this.isPlanned = true;
    setImmediate(() => {
      this.isPlanned = false;
      this.release();
    });
  }

  release(): void {
    if (this.waiting.length === 0) return;
    this.events.commit(); // false: cap reached or disk full; answered all the same, counted, and reported as a gap
    const list = this.waiting;
    this.waiting = [];
    for (const answer of list) this.send(answer);
  }

  private send({ res, status, body, retryAfterS }: Answer): void {
    if (res.destroyed) return;
    const headers = ["content-type", "application/json", "content-length", String(Buffer.byteLength(body))];
    if (retryAfterS > 0) headers.push("retry-after", String(retryAfterS));
    if (status === 401) headers.push("www-authenticate", "Bearer");
    if (this.closing) headers.push("connection", "close");
    res.writeHead(status, headers);
    res.end(body); // text: headers and body leave in one write
  }
}

/**
 * Text of a successful answer, put together by hand: JSON.stringify of the whole costs more than the model.
 * @param parameters of the returned function: members of `parameters` as JSON, or empty for none
 */
export function answerWriter(endpoint: string, { config, shape }: LoadedRevision) {
  const head = JSON.stringify({ model_name: endpoint, model_version: config.modelVersion }).slice(0, -1);
  const output = `"outputs":[{"name":${JSON.stringify(shape.output)},"datatype":"FP32","shape":[`;
  const { width, isVector } = shape;
  return (id: string, rows: number, y: Float32Array, from: number, parameters: string): string => {
    let data = `${y[from]}`;
    const end = from + rows * width;
    for (let k = from + 1; k < end; k++) data += `,${y[k]}`;
    const extra = parameters === "" ? "" : `"parameters":{${parameters}},`;
    return `${head},"id":${JSON.stringify(id)},${extra}${output}${rows}${isVector ? "" : `,${width}`}],"data":[${data}]}]}`;
  };
}
