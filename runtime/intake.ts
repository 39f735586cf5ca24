import type { IncomingMessage, ServerResponse } from "node:http";
import { PROBE_HEADER, REVISION_HEADER } from "@/lib/inference/events";
import type { Answers } from "./answers";
import type { ClientLimit } from "./client-limit";
import type { EventLog } from "./event-log";
import { parseInferRequest, type RequestRules } from "./infer-request";
import type { Lane } from "./lane";
import type { Metrics } from "./metrics";
import type { Copier, Door, Pending } from "./pending";
import type { TokenBucket } from "./rate-limit";
import { Refusal } from "./refusal";
import { digestsEqual } from "./secret";
import type { Split } from "./split";
import type { Authenticator } from "./token";

/** A revision that answers. */
export type Answering = {
  lane: Lane;
  /** The lane itself, or what stands before it where a failure mode is declared. */
  door: Door;
  rules: RequestRules;
};

/** What serves at the moment a request arrives. */
export type Serving = Answering & {
  ceiling: TokenBucket | null;
  clients: ClientLimit | null;
};

/** The candidate that gets a share of the requests, or copies of them. */
export type Canary = Answering & {
  split: Split;
  shadow: Copier | null;
};

export type IntakeState = {
  serving: Serving | null;
  canary: Canary | null;
  authenticator: Authenticator;
  probeSecret: string;
};

const BODY_LIMIT = 4 * 1024 ** 2;
const BINARY = "binary tensors are not supported: send JSON data (tritonclient: binary_data=False)";

/**
 * Takes inference requests in: who, how many, what; then into the lane of a revision, or back with a refusal. What a caller may send and how
 * much is the serving revision's contract, for the endpoint as a whole, whoever answers. The candidate gets its share of the requests that
 * got this far; one whose address names a version gets that version.
 */
export class Intake {
  private sequence = 0;
  private readonly boot = `${Date.now().toString(36)}-${process.pid}-`;

  constructor(
    private readonly state: IntakeState,
    private readonly answers: Answers,
    private readonly events: EventLog,
    private readonly metrics: Metrics,
  ) {}

  /**
   * @param wrongModel a refusal already known from the address; everything else about the request is read all the same
   * @param version that the address names, or null
   */
  handle(req: IncomingMessage, res: ServerResponse, wrongModel: Refusal | null, version: string | null): void {
    const pending: Pending = {
      client: "",
      source: "live",
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
      asked: "",
      copier: null,
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
      const chosen = refusal ?? this.choose(req, pending, version);
      if (chosen instanceof Refusal) this.refuse(pending, chosen, this.state.serving);
      else this.take(pending, (more ? Buffer.concat(more) : first)?.toString("utf8") ?? "", chosen);
    });
  }

  /** Everything that is known before the body: token, probe, ceiling. */
  private admit(req: IncomingMessage, pending: Pending, wrongModel: Refusal | null): Refusal | null {
    const { authenticator, serving, probeSecret } = this.state;
    try {
      pending.client = authenticator.check(req.headers.authorization, pending.receivedAt);
      if (wrongModel) return wrongModel;
      const probe = req.headers[PROBE_HEADER];
      if (probe !== undefined && digestsEqual(String(probe), probeSecret)) pending.source = "probe";
      const limited = pending.source === "probe" || !serving ? null : overLimit(serving, pending);
      if (limited) return limited;
      return req.headers["inference-header-content-length"] === undefined ? null : new Refusal(400, "body", BINARY);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** The revision that is to answer. Probes ask the serving one, or the one that they name; they take nothing from the candidate's share. */
  private choose(req: IncomingMessage, pending: Pending, version: string | null): Answering | Refusal {
    const { serving, canary } = this.state;
    if (pending.source === "probe" && req.headers[REVISION_HEADER] !== undefined) {
      return this.named(String(req.headers[REVISION_HEADER]));
    }
    if (!serving) return new Refusal(503, "queue", "no revision is ready", 1);
    if (canary === null || pending.source === "probe") return serving;
    if ((version === null || version === versionOf(canary)) && canary.split.takes()) return canary;
    pending.copier = canary.shadow;
    return serving;
  }

  private named(revision: string): Answering | Refusal {
    const known = [this.state.serving, this.state.canary];
    const found = known.find((each) => each?.lane.revision.config.revision === revision);
    return found ?? new Refusal(404, "model", `revision "${revision}" does not answer here`);
  }

  private take(pending: Pending, body: string, chosen: Answering): void {
    // Of a candidate's share the serving revision's rules hold: callers know of no other.
    const { rules } = pending.source === "live" && this.state.serving ? this.state.serving : chosen;
    const refusal = this.enter(pending, body, chosen.door, rules);
    if (refusal) this.refuse(pending, refusal, chosen);
  }

  private enter(pending: Pending, body: string, door: Door, rules: RequestRules): Refusal | null {
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

  private refuse(pending: Pending, refusal: Refusal, by: Answering | null): void {
    pending.done = true;
    pending.id ||= this.nextId();
    const us = Math.round((performance.now() - pending.start) * 1000);
    const revision = by?.lane.revision.config.revision ?? "";
    this.metrics.count("rejected", pending.source, refusal.reason);
    this.events.request(revision, pending, us, "rejected", refusal.reason);
    this.answers.refuse(pending.res, refusal);
    this.answers.releaseSoon();
  }

  private nextId(): string {
    return this.boot + (this.sequence++).toString(36);
  }
}

const versionOf = ({ lane }: Answering): string => lane.revision.config.modelVersion;

/** A client over its own limit takes nothing from the ceiling of all. */
function overLimit({ clients, ceiling }: Serving, { client, receivedAt }: Pending): Refusal | null {
  const wait = clients?.take(client, receivedAt) ?? 0;
  if (wait > 0) return new Refusal(429, "client", "client limit exceeded", wait);
  const all = ceiling?.take(receivedAt) ?? 0;
  return all > 0 ? new Refusal(429, "ceiling", "endpoint throughput ceiling exceeded", all) : null;
}
