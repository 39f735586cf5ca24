import type { Outcome } from "@/lib/inference/events";
import { type Answers, answerWriter } from "./answers";
import { DeadlineWatch } from "./deadline-watch";
import type { EventLog } from "./event-log";
import type { LatencyHistogram } from "./latency-histogram";
import type { Metrics } from "./metrics";
import type { Door, Pending, Room } from "./pending";
import { Refusal, type RefusalReason } from "./refusal";
import type { LoadedRevision } from "./revision";

/** A timer may go off so much before its time; waiting for another would make what stands in late. */
const TIMER_GRAIN_MS = 1;

/** Rows that may wait for a model, unless the contract says otherwise; more are refused with 503. */
const QUEUE_ROWS = 4096;

/**
 * The queue of one loaded revision. What waits when the model is free runs as one batch; with batching declared, a first request waits
 * a little for others. On a swap the old lane answers what it has and the new one takes the next request, so nothing is dropped.
 */
export class Lane implements Door {
  private input: Float32Array;
  private spare: Float32Array;
  private rows = 0;
  private pending: Pending[] = [];
  private busy = false;
  /** When the run in progress began, by performance.now(). */
  private runningSince = Number.POSITIVE_INFINITY;
  /** Only where a timer can fire before the run: with a thread, or while requests wait for others. */
  private readonly watch: DeadlineWatch | null;
  private hasExpired = false;
  /** Waits for more rows; one for all requests. */
  private gathering: NodeJS.Timeout | undefined;
  private isPlanned = false;
  private whenIdle: (() => void) | undefined;
  private readonly width: number;
  private readonly features: number;
  private readonly queueRows: number;
  /** Rows of one run, at most. */
  private readonly runRows: number;
  private readonly gatherMs: number;
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
    const { config, shape, model } = revision;
    const { queueRows = QUEUE_ROWS, batching = null } = config.failure ?? {};
    this.width = shape.width;
    this.features = shape.features.length;
    this.queueRows = Math.max(queueRows, config.maxRows);
    this.runRows = batching?.maxRows ?? Number.POSITIVE_INFINITY;
    this.gatherMs = batching?.maxDelayMs ?? 0;
    this.deadlineMs = config.deadlineMs ?? Number.POSITIVE_INFINITY;
    this.watch = model.mode === "thread" || this.gatherMs > 0 ? new DeadlineWatch(this.sweep) : null;
    this.input = new Float32Array(config.maxRows * this.features);
    this.spare = new Float32Array(config.maxRows * this.features);
    this.text = answerWriter(endpoint, revision);
    this.latency = metrics.latencyOf(config.revision, config.latencyBoundsMs);
  }

  readonly room = (rows: number): Room => {
    if (!this.fits(rows)) throw new Refusal(503, "queue", "queue is full", 1);
    const needed = (this.rows + rows) * this.features;
    if (needed > this.input.length) {
      const larger = new Float32Array(Math.min(this.queueRows * this.features, needed * 2));
      larger.set(this.input.subarray(0, this.rows * this.features));
      this.input = larger;
    }
    return { values: this.input, at: this.rows * this.features };
  };

  fits(rows: number): boolean {
    if (this.rows + rows > this.queueRows && this.hasExpired) this.compact();
    return this.rows + rows <= this.queueRows;
  }

  accept(pending: Pending): void {
    if (pending.relief === null) pending.due = pending.start + this.deadlineMs;
    pending.row = this.rows;
    this.rows += pending.rows;
    this.pending.push(pending);
    // The rest of this poll phase joins: one run, one write to disk, then the answers.
    if (!this.busy && (this.gatherMs > 0 ? this.isGathered() : this.pending.length === 1)) {
      setImmediate(() => void this.flush());
    }
    if (this.watch !== null && pending.due < Number.POSITIVE_INFINITY) this.watch.add(pending);
  }

  /** Requests wait for a run to end. */
  get isBehind(): boolean {
    return this.busy && this.pending.length > 0;
  }

  /** Milliseconds that the run in progress has taken so far. @param now of performance.now() */
  stuckMs(now: number): number {
    return Math.max(0, now - this.runningSince);
  }

  /** Resolves when nothing is left to answer. Only for a lane that gets no more requests. */
  drained(): Promise<void> {
    if (!this.busy && this.pending.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.whenIdle = resolve;
      void this.flush();
    });
  }

  /** Counts and logs a request of this lane that ends without the model. */
  settle(pending: Pending, outcome: Outcome, reason: RefusalReason | ""): void {
    const us = this.measured(pending, outcome, reason);
    this.events.request(this.revision.config.revision, pending, us, outcome, reason);
  }

  /** Ends a request with an error: nothing could stand in. */
  end(pending: Pending, outcome: "error" | "timeout", text: string): void {
    this.settle(pending, outcome, pending.cause);
    this.answers.add(pending.res, outcome === "timeout" ? 504 : 500, JSON.stringify({ error: text }));
  }

  /** True once, when enough rows wait; before that one timer of the lane sees to the run. */
  private isGathered(): boolean {
    if (this.rows < this.runRows) {
      this.gathering ??= setTimeout(() => void this.flush(), this.gatherMs);
      return false;
    }
    const isFirst = !this.isPlanned;
    this.isPlanned = true;
    return isFirst;
  }

  /** Runs what waits, and again while more came in the meantime. */
  private async flush(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.isPlanned = false;
    while (this.pending.length > 0) {
      await this.runBatch();
      this.watch?.forgetDone();
      this.answers.release();
      if (this.gatherMs > 0 && this.waitsOn()) break;
    }
    this.busy = false;
    this.whenIdle?.();
  }

  /** Whether what came during the run still has time to wait for more; if so, the timer is set. */
  private waitsOn(): boolean {
    const [first] = this.pending;
    if (!first || this.rows >= this.runRows || this.whenIdle) return false;
    const leftMs = this.gatherMs - (performance.now() - first.start);
    if (leftMs <= 0) return false;
    this.gathering = setTimeout(() => void this.flush(), leftMs);
    return true;
  }

  private async runBatch(): Promise<void> {
    const batch = this.pending;
    const { input, rows } = this;
    this.pending = [];
    this.input = this.spare;
    this.spare = input;
    this.rows = 0;
    if (rows <= this.runRows) return this.run(batch, input);
    for (const part of partsOf(batch, this.runRows)) {
      await this.run(part, input);
      this.answers.release();
    }
  }

  /** @param batch whose rows follow each other in `input` */
  private async run(batch: readonly Pending[], input: Float32Array): Promise<void> {
    const now = this.expire(batch);
    const [first] = batch;
    const last = batch[batch.length - 1];
    if (!first || !last || batch.every((pending) => pending.done)) return;
    const rows = last.row + last.rows - first.row;
    this.metrics.batches++;
    this.metrics.batchedRows += rows;
    this.runningSince = now;
    try {
      const x = input.subarray(first.row * this.features, (first.row + rows) * this.features);
      const y = await this.revision.model.run(rows, x);
      // On the event loop a timer cannot fire during the run: clocks are compared before and after instead.
      this.expire(batch);
      for (const pending of batch) if (!pending.done) this.answer(pending, input, y, first.row);
    } catch {
      for (const pending of batch) if (!pending.done) this.fail(pending, "inference failed");
    }
    this.runningSince = Number.POSITIVE_INFINITY;
  }

  /** @param y answers of the run, which began with row `firstRow` of the batch */
  private answer(pending: Pending, x: Float32Array, y: Float32Array, firstRow: number): void {
    const { features, width } = this;
    const yAt = (pending.row - firstRow) * width;
    if (!allFinite(y, yAt, yAt + pending.rows * width)) {
      this.fail(pending, "the model answered with a value that is not a finite number");
      return;
    }
    pending.done = true;
    const body = this.text(pending.id, pending.rows, y, yAt, pending.parameters);
    const { config, marker } = this.revision;
    const { index, threshold } = config.score;
    const outcome = pending.cause === "" ? "model" : "secondary";
    const us = this.measured(pending, outcome, pending.cause);
    pending.relief?.answered(pending, us);
    const xAt = pending.row * features;
    const { revision } = config;
    const scored = { revision, x, xAt, features, y, yAt, width, scoreIndex: index, threshold, marker };
    this.events.request(pending.asked || revision, pending, us, outcome, pending.cause, scored);
    this.answers.add(pending.res, 200, body);
    pending.copier?.keep(pending, x, xAt);
  }

  private fail(pending: Pending, text: string): void {
    pending.done = true;
    if (!pending.relief?.takeOver(pending, "error", text)) this.end(pending, "error", text);
  }

  /** @returns the time that it went by, of performance.now() */
  private expire(batch: readonly Pending[]): number {
    const now = performance.now();
    for (const pending of batch) {
      // What stands in may come a little early; an error may not.
      if (pending.done || now <= pending.due - (pending.relief === null ? 0 : TIMER_GRAIN_MS)) continue;
      pending.done = true;
      this.hasExpired = true;
      const text = `deadline of ${this.deadlineMs} ms exceeded`;
      if (!pending.relief?.takeOver(pending, "timeout", text)) this.end(pending, "timeout", text);
    }
    return now;
  }

  private readonly sweep = (waiting: readonly Pending[]): void => {
    this.expire(waiting);
    this.answers.release();
  };

  /** What was answered in the meantime leaves the queue. */
  private compact(): void {
    this.hasExpired = false;
    const { features, input } = this;
    this.rows = 0;
    this.pending = this.pending.filter((pending) => {
      if (pending.done) return false;
      input.copyWithin(this.rows * features, pending.row * features, (pending.row + pending.rows) * features);
      pending.row = this.rows;
      if (pending.values) pending.values = input;
      this.rows += pending.rows;
      return true;
    });
  }

  private measured(pending: Pending, outcome: Outcome, reason: RefusalReason | ""): number {
    const us = Math.round((performance.now() - pending.start) * 1000);
    if (outcome !== "rejected" && pending.source === "live") this.latency.observe(us);
    this.metrics.count(outcome, pending.source, reason);
    return us;
  }
}

/** Cuts a batch where a run would get too long; a request stays whole. */
function partsOf(batch: readonly Pending[], runRows: number): Pending[][] {
  const parts: Pending[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const pending of batch) {
    if (rows + pending.rows > runRows) {
      parts.push([]);
      rows = 0;
    }
    parts.at(-1)?.push(pending);
    rows += pending.rows;
  }
  return parts;
}

function allFinite(values: Float32Array, from: number, to: number): boolean {
  for (let k = from; k < to; k++) if (!Number.isFinite(values[k])) return false;
  return true;
}
