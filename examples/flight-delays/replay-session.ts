import { setTimeout as sleep } from "node:timers/promises";
import type { PointInTimeFeatures } from "./features";
import type { Flights } from "./flights";
import { type Attempt, InferenceClient } from "./inference-client";
import { Pacer } from "./pacer";
import { type Label, labelsOf, PendingLabels } from "./pending-labels";
import { ReplayLog } from "./replay-log";
import { loadState, type ReplayState, saveState, writeJson } from "./replay-state";
import { type AskedRequest, inferenceBody, requestsOf } from "./schedule";
import { Sender } from "./sender";
import { TENSORS } from "./settings";

/** What the replay needs of the product. */
export type Product = {
  /** Where to send inference requests, and with which token; `renew` after a refusal or when the endpoint moved. */
  readonly access: (renew: boolean) => Promise<{ readonly url: string; readonly token: string }>;
  /** Resolves when the labels are accepted. */
  readonly sendLabels: (labels: readonly Label[]) => Promise<void>;
  readonly say: (line: string) => void;
};

export type Pace = {
  /** Seconds for one day of data. */
  readonly secondsPerDay: number;
};

const CONCURRENCY = 8;
const QUEUE = 256;
const SAVE_EVERY_MS = 1000;
const LABELS_EVERY_MS = 500;
const LABELS_AT_ONCE = 10_000;
/** Labels wait here while the portal is away; inference goes on until so many wait. */
const LABELS_WAITING = 300_000;
/** Attempts at a request that reaches the model and fails there. Unreachable or busy is repeated for ever. */
const ATTEMPTS_IF_ANSWERED = 8;
const LONGEST_PAUSE_MS = 5000;
/** What is underway at a stop may still be answered; what is not will be sent again. */
const LEAVE_WITHIN_MS = 2000;

/** The replay of the flights: sends, counts, and can be stopped and resumed at any moment. */
export class ReplaySession {
  readonly log: ReplayLog;
  readonly state: ReplayState;
  private readonly labels = new PendingLabels();
  private readonly pacer: Pacer;
  private readonly client = new InferenceClient(CONCURRENCY);
  private readonly stopping = new AbortController();
  private readonly sender: Sender;
  private awaySince: number | undefined;
  /** Data time up to which a label may be known. */
  private labelsUpTo = () => this.pacer.now();

  constructor(
    private readonly dataDir: string,
    private readonly product: Product,
    pace: Pace,
  ) {
    this.log = new ReplayLog(dataDir);
    this.state = loadState(dataDir);
    this.pacer = new Pacer(86_400 / pace.secondsPerDay);
    const deliver = (request: AskedRequest) => this.deliver(request);
    this.sender = new Sender({ deliver, concurrency: CONCURRENCY, capacity: QUEUE });
  }

  /** Data time reached, UTC seconds. */
  get reached(): number {
    return this.pacer.now();
  }

  stop(): void {
    this.stopping.abort();
  }

  /** Sends all that is left and its labels. Resolves at the end of the data, or soon after `stop`. */
  async run(flights: Flights, features: PointInTimeFeatures): Promise<void> {
    const saving = this.every(SAVE_EVERY_MS, async () => this.save());
    const labelling = this.every(LABELS_EVERY_MS, () => this.sendLabels());
    try {
      for (const request of requestsOf(flights, features)) {
        if (this.log.has(request.id)) this.resumeLabels(request);
        else await this.send(request);
        if (this.stopping.signal.aborted) break;
      }
      if (!this.stopping.signal.aborted) await this.finish();
    } finally {
      this.stopping.abort();
      await Promise.race([this.sender.drained(), sleep(LEAVE_WITHIN_MS)]);
      await Promise.race([Promise.all([saving, labelling]), sleep(LEAVE_WITHIN_MS)]);
      this.save();
      this.client.close();
    }
  }

  private resumeLabels(request: AskedRequest): void {
    this.labels.add(labelsOf(request).filter(({ knownAt }) => knownAt > this.state.labelledThrough));
  }

  private async send(request: AskedRequest): Promise<void> {
    const { signal } = this.stopping;
    try {
      while (this.labels.size > LABELS_WAITING) await sleep(LABELS_EVERY_MS, undefined, { signal });
      await this.pacer.until(request.due, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    await this.sender.offer(request);
  }

  /** The last flights land after the last departure. */
  private async finish(): Promise<void> {
    await this.sender.drained();
    const lastLanding = this.pacer.now() + 86_400;
    this.labelsUpTo = () => lastLanding;
    while (!this.stopping.signal.aborted && this.labels.size > 0) await sleep(LABELS_EVERY_MS);
    this.state.finished = this.labels.size === 0;
  }

  private async deliver(request: AskedRequest): Promise<void> {
    const body = inferenceBody(request, TENSORS);
    let renew = false;
    for (let attempt = 1, pause = 0; !this.stopping.signal.aborted; attempt++) {
      const outcome = await this.attempt(body, renew);
      if (outcome.result === "answered") return this.answered(request);
      const final = outcome.result === "refused" || (attempt >= ATTEMPTS_IF_ANSWERED && isAnswer(outcome));
      if (final) return this.log.add(request.id, request.flights.length, outcome.reason);
      this.state.repeated++;
      this.away(outcome.reason);
      renew = outcome.result === "token" || !isAnswer(outcome);
      pause = Math.min(LONGEST_PAUSE_MS, Math.max(2 * pause, outcome.result === "repeat" ? outcome.afterMs : 0));
      await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async attempt(body: string, renew: boolean): Promise<Attempt> {
    try {
      const { url, token } = await this.product.access(renew);
      return await this.client.post(url, token, body);
    } catch (error) {
      return { result: "repeat", reason: error instanceof Error ? error.message : String(error), afterMs: 1000 };
    }
  }

  private answered(request: AskedRequest): void {
    if (this.awaySince !== undefined) {
      const seconds = Math.round((performance.now() - this.awaySince) / 1000);
      this.product.say(`the endpoint answers again after ${seconds} s`);
      this.awaySince = undefined;
    }
    this.log.add(request.id, request.flights.length, "answered");
    this.labels.add(labelsOf(request));
  }

  private away(reason: string): void {
    if (this.awaySince !== undefined) return;
    this.awaySince = performance.now();
    this.product.say(`the endpoint does not answer (${reason}): waiting, the clock of the data stands still`);
  }

  private async sendLabels(): Promise<void> {
    const take = () => this.labels.take(this.labelsUpTo(), LABELS_AT_ONCE);
    for (let labels = take(); labels.length > 0; labels = take()) {
      await this.product.sendLabels(labels);
      this.labels.confirm();
      this.state.labelsSent += labels.length;
      if (this.stopping.signal.aborted) return;
    }
  }

  private async every(ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    let said = "";
    while (!signal.aborted) {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
      try {
        await work();
        said = "";
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== said) this.product.say(message);
        said = message;
      }
    }
  }

  /** First what was answered, then how far labels are: a crash in between repeats labels, and those change nothing. */
  private save(): void {
    this.log.write();
    this.state.reached = Math.max(this.state.reached, this.pacer.now());
    this.state.labelledThrough = Math.max(this.state.labelledThrough, this.labels.confirmedThrough(this.pacer.now()));
    saveState(this.dataDir, this.state);
    writeJson(this.dataDir, "replay-stats.json", this.counts());
  }

  /** Requests by id: sent = answered + failed + underway. `repeated` counts attempts, `rows` flights in answered requests. */
  counts() {
    const { answered, failed, rowsAnswered } = this.log;
    const underway = this.sender.outstanding;
    const { labelsSent, repeated } = this.state;
    return { sent: answered + failed + underway, answered, failed, underway, repeated, rows: rowsAnswered, labelsSent };
  }
}

/** Whether the model or its server answered, if only with an error: such a request may never succeed. */
const isAnswer = ({ result, ...rest }: Attempt): boolean =>
  result === "token" || (result === "repeat" && /^50[04]/.test("reason" in rest ? rest.reason : ""));
