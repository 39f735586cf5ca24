import type { EndpointStatus, FailureConfig } from "@/lib/inference/desired-state";

export type BreakerConfig = NonNullable<FailureConfig["breaker"]>;
export type BreakerState = NonNullable<EndpointStatus["breaker"]>;
/** How the model took a request: `slow` is an answer that took longer than the contract's `slowMs`. */
export type Verdict = "ok" | "slow" | "failed";

const BUCKETS = 10;
/** Requests that a half-open breaker lets through; all of them must go well. */
const TRIALS = 3;

/**
 * Stops asking a model for a while when too many of the last requests failed or were slow. Closed: counts over a rolling window of ten
 * buckets; open: lets nothing through for `openMs`; half open: lets a few through, and their outcome closes or opens it.
 * `now` is always milliseconds of one clock that does not run backwards.
 */
export class CircuitBreaker {
  private readonly total = new Float64Array(BUCKETS);
  private readonly failed = new Float64Array(BUCKETS);
  private readonly slow = new Float64Array(BUCKETS);
  private readonly bucketMs: number;
  private readonly trials: number;
  /** Number of the newest bucket since the clock's zero. */
  private newest: number;
  private current: BreakerState = "closed";
  /** When it came into the current state. */
  private since: number;
  /** Verdicts on requests of an earlier state say nothing about this one: each state has its number. */
  private period = 0;
  private begun = 0;
  private succeeded = 0;

  constructor(
    private readonly config: BreakerConfig,
    now: number,
  ) {
    this.bucketMs = config.windowMs / BUCKETS;
    this.trials = Math.min(TRIALS, config.minRequests);
    this.newest = Math.floor(now / this.bucketMs);
    this.since = now;
  }

  state(now: number): BreakerState {
    const isOver = now - this.since >= this.config.openMs;
    // Half open without a decision for so long: its trials never came back, so others get their turn.
    if (isOver && this.current !== "closed") this.enter("half_open", now);
    return this.current;
  }

  /** Whether a request may go to the model now. */
  admits(now: number): boolean {
    const state = this.state(now);
    return state === "closed" || (state === "half_open" && this.begun < this.trials);
  }

  /** A request that was admitted goes to the model. @returns the ticket to give back with its verdict */
  begin(): number {
    this.begun++;
    return this.period;
  }

  record(ticket: number, verdict: Verdict, now: number): void {
    if (ticket !== this.period) return;
    if (this.current === "closed") this.count(verdict, now);
    else if (verdict !== "ok") this.enter("open", now);
    else if (++this.succeeded >= this.trials) this.enter("closed", now);
  }

  private count(verdict: Verdict, now: number): void {
    this.roll(now);
    const bucket = this.newest % BUCKETS;
    add(this.total, bucket);
    if (verdict === "failed") add(this.failed, bucket);
    if (verdict === "slow") add(this.slow, bucket);
    const { minRequests, errorRatio, slowRatio } = this.config;
    const n = sum(this.total);
    if (n < minRequests) return;
    if (sum(this.failed) >= errorRatio * n || sum(this.slow) >= slowRatio * n) this.enter("open", now);
  }

  /** Empties the buckets that left the window. */
  private roll(now: number): void {
    const bucket = Math.floor(now / this.bucketMs);
    for (let k = Math.max(this.newest + 1, bucket - BUCKETS + 1); k <= bucket; k++) {
      for (const counts of [this.total, this.failed, this.slow]) counts[k % BUCKETS] = 0;
    }
    this.newest = Math.max(this.newest, bucket);
  }

  private enter(state: BreakerState, now: number): void {
    this.current = state;
    this.since = now;
    this.period++;
    this.begun = 0;
    this.succeeded = 0;
    for (const counts of [this.total, this.failed, this.slow]) counts.fill(0);
  }
}

function add(counts: Float64Array, bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

function sum(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
