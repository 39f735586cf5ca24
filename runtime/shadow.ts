import type { EventLog, RequestFacts } from "./event-log";
import type { Lane } from "./lane";
import type { Metrics } from "./metrics";
import type { Copier } from "./pending";

/** Rows that may wait for the candidate; copies of more are dropped. */
const WAITING_ROWS = 1024;
/** Rows of one run, unless a single request has more: short, so that the serving revision soon has the processor again. */
const RUN_ROWS = 64;

type Copy = { readonly facts: RequestFacts; readonly x: Float32Array };

/**
 * Gives a candidate copies of requests that another revision has answered. Callers never wait for it: a copy is taken after the answer
 * was made, runs in the candidate's own thread after the answers have left, and rests as long as it ran. Copies are the first thing to go
 * under load: when requests wait for the serving revision, or too many copies for the candidate. What it says is recorded as source `shadow`.
 */
export class Shadow implements Copier {
  private waiting: Copy[] = [];
  private rows = 0;
  private isPlanned = false;
  private isClosed = false;

  /** @param serving the lane that answers callers, to see whether it is behind */
  constructor(
    private readonly lane: Lane,
    private readonly serving: () => Lane | null,
    private readonly events: EventLog,
    private readonly metrics: Metrics,
  ) {}

  keep(facts: RequestFacts, x: Float32Array, at: number): void {
    const { client, id, rows, receivedAt, eventTime, featureTime } = facts;
    if (this.isClosed || this.rows + rows > WAITING_ROWS) {
      this.metrics.copies.dropped++;
      return;
    }
    const { length } = this.lane.revision.shape.features;
    const copied = { client, id, rows, receivedAt, eventTime, featureTime, source: "shadow" as const };
    this.waiting.push({ facts: copied, x: x.slice(at, at + rows * length) });
    this.rows += rows;
    if (this.isPlanned) return;
    this.isPlanned = true;
    setImmediate(() => void this.work());
  }

  /** Copies that wait are dropped, and what runs is not recorded any more: its model is about to go. */
  close(): void {
    this.isClosed = true;
    this.dropAll();
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      if (this.serving()?.isBehind) this.dropAll();
      else await rest(await this.run(this.next()));
    }
    this.isPlanned = false;
  }

  private dropAll(): void {
    this.metrics.copies.dropped += this.waiting.length;
    this.waiting = [];
    this.rows = 0;
  }

  private next(): Copy[] {
    let rows = 0;
    let n = 0;
    do rows += this.waiting[n++]?.facts.rows ?? 0;
    while (n < this.waiting.length && rows + (this.waiting[n]?.facts.rows ?? 0) <= RUN_ROWS);
    this.rows -= rows;
    return this.waiting.splice(0, n);
  }

  /** @returns milliseconds that it took */
  private async run(copies: readonly Copy[]): Promise<number> {
    const rows = copies.reduce((sum, { facts }) => sum + facts.rows, 0);
    const { features } = this.lane.revision.shape;
    const x = new Float32Array(rows * features.length);
    let at = 0;
    for (const copy of copies) {
      x.set(copy.x, at);
      at += copy.x.length;
    }
    const start = performance.now();
    const y = await this.lane.revision.model.run(rows, x).catch(() => null);
    const tookMs = performance.now() - start;
    if (!this.isClosed) this.record(copies, x, y, Math.round(tookMs * 1000));
    return tookMs;
  }

  private record(copies: readonly Copy[], x: Float32Array, y: Float32Array | null, us: number): void {
    const { config, shape, marker } = this.lane.revision;
    const { revision, score, deadlineMs } = config;
    const { index: scoreIndex, threshold } = score;
    const [features, { width }] = [shape.features.length, shape];
    const isLate = deadlineMs !== null && us > deadlineMs * 1000;
    let row = 0;
    for (const { facts } of copies) {
      const [xAt, yAt] = [row * features, row * width];
      row += facts.rows;
      const answered = y?.subarray(yAt, yAt + facts.rows * width).every(Number.isFinite) ? y : null;
      if (isLate || !answered) {
        this.events.request(revision, facts, us, isLate ? "timeout" : "error", "");
        continue;
      }
      const scored = { revision, x, xAt, features, y: answered, yAt, width, scoreIndex, threshold, marker };
      this.events.request(revision, facts, us, "model", "", scored);
    }
    this.metrics.copies.given += copies.length;
    this.events.commit();
  }
}

/** Half of the time at most belongs to copies. */
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
