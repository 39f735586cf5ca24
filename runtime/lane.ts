import type { ServerResponse } from "node:http";
import type { Outcome } from "@/lib/inference/events";
import { type Answers, answerWriter } from "./answers";
import type { EventLog, RequestFacts } from "./event-log";
import type { LatencyHistogram } from "./latency-histogram";
import type { Metrics } from "./metrics";
import { Refusal, type RefusalReason } from "./refusal";
import type { LoadedRevision } from "./revision";

/** A request that was accepted: its features are in the batch at row `row`. */
export type Pending = RequestFacts & {
  res: ServerResponse;
  /** When the loop read its head, by performance.now(). */
  start: number;
  row: number;
  done: boolean;
};

/** Rows that may wait for a model; more are refused with 503. */
const QUEUE_ROWS = 4096;

/**
 * The queue of one loaded revision. What waits when the model is free runs as one batch. On a swap the old lane answers what it has
 * and the new one takes the next request, so nothing is dropped.
 */
export class Lane {
  private input: Float32Array;
  private spare: Float32Array;
  private rows = 0;
  private pending: Pending[] = [];
  private busy = false;
  /** Unanswered, oldest first; only with a thread and a deadline. One deadline for all, hence one timer. */
  private readonly late: Pending[] = [];
  private timer: NodeJS.Timeout | undefined;
  private whenIdle: (() => void) | undefined;
  private readonly width: number;
  private readonly features: number;
  private readonly queueRows: number;
  private readonly deadlineMs: number;
  private readonly text: ReturnType<typeof answerWriter>;
  private readonly latency: LatencyHistogram;

  constructor(
    endpoint: string,
    readonly revision: LoadedRevision,
    private readonly answers: Answers,
    private readonly events: EventLog,
    private readonly metrics: Metrics,
  ) {
    const { config, shape } = revision;
    this.width = shape.width;
    this.features = shape.features.length;
    this.queueRows = Math.max(QUEUE_ROWS, config.maxRows);
    this.deadlineMs = config.deadlineMs ?? Number.POSITIVE_INFINITY;
    this.input = new Float32Array(config.maxRows * this.features);
    this.spare = new Float32Array(config.maxRows * this.features);
    this.text = answerWriter(endpoint, revision);
    this.latency = metrics.latencyOf(config.revision, config.latencyBoundsMs);
  }

  /** Where the features of the next request go. @throws Refusal 503 when too much waits */
  readonly room = (rows: number): { values: Float32Array; at: number } => {
    if (this.rows + rows > this.queueRows) throw new Refusal(503, "queue", "queue is full", 1);
    const needed = (this.rows + rows) * this.features;
    if (needed > this.input.length) {
      const larger = new Float32Array(Math.min(this.queueRows * this.features, needed * 2));
      larger.set(this.input.subarray(0, this.rows * this.features));
      this.input = larger;
    }
    return { values: this.input, at: this.rows * this.features };
  };

  /** Takes the request whose features were just written to `room`. */
  accept(pending: Pending): void {
    pending.row = this.rows;
    this.rows += pending.rows;
    this.pending.push(pending);
    // The rest of this poll phase joins: one run, one write to disk, then the answers.
    if (this.pending.length === 1 && !this.busy) setImmediate(() => void this.flush());
    if (this.revision.model.mode === "thread" && this.deadlineMs < Number.POSITIVE_INFINITY) {
      this.late.push(pending);
      this.timer ??= setTimeout(this.sweep, this.deadlineMs);
    }
  }

  /** Runs what waits, and again while more came in the meantime. */
  private async flush(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    while (this.pending.length > 0) {
      await this.runBatch();
      this.forgetDone();
      this.answers.release();
    }
    this.busy = false;
    this.whenIdle?.();
  }

  /** Resolves when nothing is left to answer. Only for a lane that gets no more requests. */
  drained(): Promise<void> {
    if (!this.busy && this.pending.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenIdle = resolve;
    });
  }

  /** Counts and logs a request of this lane that ends without the model. */
  settle(pending: Pending, outcome: Outcome, reason: RefusalReason | ""): void {
    this.log(pending, outcome, reason, this.measured(pending, outcome));
  }

  private async runBatch(): Promise<void> {
    const batch = this.pending;
    const { input, rows } = this;
    this.pending = [];
    this.input = this.spare;
    this.spare = input;
    this.rows = 0;
    this.expire(batch);
    if (batch.every((pending) => pending.done)) return;
    this.metrics.batches++;
    this.metrics.batchedRows += rows;
    try {
      const y = await this.revision.model.run(rows, input.subarray(0, rows * this.features));
      // On the event loop a timer cannot fire during the run: clocks are compared before and after instead.
      this.expire(batch);
      for (const pending of batch) if (!pending.done) this.answer(pending, input, y);
    } catch {
      for (const pending of batch) if (!pending.done) this.fail(pending, "inference failed");
    }
  }

  private answer(pending: Pending, x: Float32Array, y: Float32Array): void {
    const yAt = pending.row * this.width;
    if (!allFinite(y, yAt, yAt + pending.rows * this.width)) {
      this.fail(pending, "the model answered with a value that is not a finite number");
      return;
    }
    pending.done = true;
    const body = this.text(pending.id, pending.rows, y, yAt);
    const { index, threshold } = this.revision.config.score;
    const { features, width } = this;
    const xAt = pending.row * features;
    const us = this.measured(pending, "model");
    const { revision } = this.revision.config;
    const scored = { x, xAt, features, y, yAt, width, scoreIndex: index, threshold, marker: this.revision.marker };
    this.events.request(revision, pending, us, "model", "", scored);
    this.answers.add(pending.res, 200, body);
  }

  private fail(pending: Pending, text: string): void {
    pending.done = true;
    this.settle(pending, "error", "");
    this.answers.add(pending.res, 500, JSON.stringify({ error: text }));
  }

  private expire(batch: readonly Pending[]): void {
    const now = performance.now();
    for (const pending of batch) {
      if (pending.done || now - pending.start <= this.deadlineMs) continue;
      pending.done = true;
      this.settle(pending, "timeout", "");
      this.answers.add(pending.res, 504, `{"error":"deadline of ${this.deadlineMs} ms exceeded"}`);
    }
  }

  private readonly sweep = (): void => {
    this.timer = undefined;
    this.expire(this.late);
    this.forgetDone();
    this.answers.release();
    const oldest = this.late[0];
    if (oldest) {
      this.timer = setTimeout(this.sweep, Math.max(1, this.deadlineMs - (performance.now() - oldest.start)));
    }
  };

  private forgetDone(): void {
    while (this.late[0]?.done) this.late.shift();
  }

  private measured(pending: Pending, outcome: Outcome): number {
    const us = Math.round((performance.now() - pending.start) * 1000);
    if (outcome !== "rejected" && !pending.isProbe) this.latency.observe(us);
    this.metrics.count(outcome, pending.isProbe);
    return us;
  }

  private log(pending: Pending, outcome: Outcome, reason: RefusalReason | "", us: number): void {
    this.events.request(this.revision.config.revision, pending, us, outcome, reason);
  }
}

function allFinite(values: Float32Array, from: number, to: number): boolean {
  for (let k = from; k < to; k++) if (!Number.isFinite(values[k])) return false;
  return true;
}
