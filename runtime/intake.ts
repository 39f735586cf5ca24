import type { IncomingMessage, ServerResponse } from "node:http";
import { PROBE_HEADER } from "@/lib/inference/events";
import type { Answers } from "./answers";
import type { ClientLimit } from "./client-limit";
import type { EventLog } from "./event-log";
import { parseInferRequest, type RequestRules } from "./infer-request";
import type { Lane } from "./lane";
import type { Metrics } from "./metrics";
import type { Door, Pending } from "./pending";
import type { TokenBucket } from "./rate-limit";
import { Refusal } from "./refusal";
import { digestsEqual } from "./secret";
import type { Authenticator } from "./token";

/** What serves at the moment a request arrives. */
export type Serving = {
  lane: Lane;
  /** The lane itself, or what stands before it where a failure mode is declared. */
  door: Door;
  rules: RequestRules;
  ceiling: TokenBucket | null;
  clients: ClientLimit | null;
};

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
      due: Number.POSITIVE_INFINITY,
      row: 0,
      done: false,
      relief: null,
      cause: "",
      ticket: -1,
      values: null,
      parameters: "",
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
      const limited = pending.isProbe || !serving ? null : overLimit(serving, pending);
      if (limited) return limited;
      return req.headers["inference-header-content-length"] === undefined ? null : new Refusal(400, "body", BINARY);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private take(pending: Pending, body: string): void {
    const { serving } = this.state;
    const refusal = serving ? this.enter(pending, body, serving) : new Refusal(503, "queue", "no revision is ready", 1);
    if (refusal) this.refuse(pending, refusal);
  }

  private enter(pending: Pending, body: string, { door, rules }: Serving): Refusal | null {
    try {
      const request = parseInferRequest(body, rules, door.room);
      pending.id = request.id || this.nextId();
      pending.rows = request.rows;
      pending.eventTime = request.eventTime;
      pending.featureTime = request.featureTime;
      door.accept(pending);
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
    this.metrics.count("rejected", pending.isProbe, refusal.reason);
    this.events.request(revision, pending, us, "rejected", refusal.reason);
    this.answers.refuse(pending.res, refusal);
    this.answers.releaseSoon();
  }

  private nextId(): string {
    return this.boot + (this.sequence++).toString(36);
  }
}

/** A client over its own limit takes nothing from the ceiling of all. */
function overLimit({ clients, ceiling }: Serving, { client, receivedAt }: Pending): Refusal | null {
  const wait = clients?.take(client, receivedAt) ?? 0;
  if (wait > 0) return new Refusal(429, "client", "client limit exceeded", wait);
  const all = ceiling?.take(receivedAt) ?? 0;
  return all > 0 ? new Refusal(429, "ceiling", "endpoint throughput ceiling exceeded", all) : null;
}
