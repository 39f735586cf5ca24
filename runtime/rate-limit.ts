export type Ceiling = { requestsPerSecond: number; burst: number };

/** Token bucket: `burst` requests at once, then `requestsPerSecond`. Times are milliseconds of a clock that may jump. */
export class TokenBucket {
  private tokens: number;
  private at: number;

  constructor(
    private limit: Ceiling,
    now: number,
  ) {
    this.tokens = limit.burst;
    this.at = now;
  }

  /** A new limit applies from now on and gives away no fresh burst. */
  change(limit: Ceiling): void {
    this.tokens = Math.min(this.tokens, limit.burst);
    this.limit = limit;
  }

  /** Nothing was taken for so long that a new bucket would say the same. */
  isFull(now: number): boolean {
    return this.tokens + ((now - this.at) * this.limit.requestsPerSecond) / 1000 >= this.limit.burst;
  }

  /** @returns 0 when the request may pass, else whole seconds after which another try makes sense (at least 1). */
  take(now: number): number {
    const gained = (Math.max(0, now - this.at) * this.limit.requestsPerSecond) / 1000;
    this.at = now;
    // A burst below one request would never let any pass.
    this.tokens = Math.min(Math.max(1, this.limit.burst), this.tokens + gained);
    if (this.tokens >= 1) {
      this.tokens--;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - this.tokens) / this.limit.requestsPerSecond));
  }
}
