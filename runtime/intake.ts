import type { IncomingMessage, ServerResponse } from "node:http";
import { PROBE_HEADER } from "@/lib/inference/events";
import type { Answers } from "./answers";
import type { EventLog } from "./event-log";
import { parseInferRequest, type RequestRules } from "./infer-request";
import type { Lane, Pending } from "./lane";
import type { Metrics } from "./metrics";
import type { TokenBucket } from "./rate-limit";
import { Refusal } from "./refusal";
import { digestsEqual } from "./secret";
import type { Authenticator } from "./token";

/** What serves at the moment a request arrives. */
export type Serving = { lane: Lane; rules: RequestRules; ceiling: TokenBucket | null };

export type IntakeState = {
  serving: Serving | null;
  authenticator: Authenticator;
  probeSecret: string;
};

const BODY_LIMIT = 4 * 1024 ** 2;
const BINARY = "binary tensors are not supported: send JSON data (tritonclient: binary_data=False)";

/** Takes inference requests in: who, how many, what; then into the lane of the serving revision, or back with a refusal. */
export class Intake {
  private sequence = 0;
  private readonly boot = `${Date.now().toString(36)}-${process.pid}-`;

  constructor(
    private readonly state: IntakeState,
    private readonly answers: Answers,
    private readonly events: EventLog,
    private readonly metrics: Metrics,
  ) {}

  /** @param wrongModel a refusal already known from the address; everything else about the request is read all the same */
  handle(req: IncomingMessage, res: ServerResponse, wrongModel: Refusal | null): void {
    const pending: Pending = {
      client: "",
      isProbe: false,
      id: "",
      rows: 0,
      receivedAt: Date.now(),
      eventTime: null,
      featureTime: null,
      res,
      start: performance.now(),
      row: 0,
      done: false,
    };
    let refusal = this.admit(req, pending, wrongModel);
    let size = 0;
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT) refusal ??= new Refusal(413, "body", "request body over 4 MiB");
      if (refusal) return;
      if (!first) first = chunk;
      else if (more) more.push(chunk);
      else more = [first, chunk];
    });
    req.on("end", () => {
      if (refusal) this.refuse(pending, refusal);
      else this.take(pending, (more ? Buffer.concat(more) : first)?.toString("utf8") ?? "");
    });
  }

  /** Everything that is known before the body: token, probe, ceiling. */
  private admit(req: IncomingMessage, pending: Pending, wrongModel: Refusal | null): Refusal | null {
    const { authenticator, serving, probeSecret } = this.state;
    try {
      pending.client = authenticator.check(req.headers.authorization, pending.receivedAt);
      if (wrongModel) return wrongModel;
      const probe = req.headers[PROBE_HEADER];
      pending.isProbe = probe !== undefined && digestsEqual(String(probe), probeSecret);
      const wait = pending.isProbe ? 0 : (serving?.ceiling?.take(pending.receivedAt) ?? 0);
      if (wait > 0) return new Refusal(429, "ceiling", "endpoint throughput ceiling exceeded", wait);
      return req.headers["inference-header-content-length"] === undefined ? null : new Refusal(400, "body", BINARY);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private take(pending: Pending, body: string): void {
    const { serving } = this.state;
    const refusal = serving ? this.read(pending, body, serving) : new Refusal(503, "queue", "no revision is ready", 1);
    if (refusal) this.refuse(pending, refusal);
    else serving?.lane.accept(pending);
  }

  private read(pending: Pending, body: string, { lane, rules }: Serving): Refusal | null {
    try {
      const request = parseInferRequest(body, rules, lane.room);
      pending.id = request.id || this.nextId();
      pending.rows = request.rows;
      pending.eventTime = request.eventTime;
      pending.featureTime = request.featureTime;
      return null;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private refuse(pending: Pending, refusal: Refusal): void {
    pending.done = true;
    pending.id ||= this.nextId();
    const us = Math.round((performance.now() - pending.start) * 1000);
    const revision = this.state.serving?.lane.revision.config.revision ?? "";
    this.metrics.count("rejected", pending.isProbe);
    this.events.request(revision, pending, us, "rejected", refusal.reason);
    // The rest of this poll phase joins: one write to disk for all of it.
    if (this.answers.isEmpty) setImmediate(() => this.answers.release());
    this.answers.refuse(pending.res, refusal);
  }

  private nextId(): string {
    return this.boot + (this.sequence++).toString(36);
  }
}
