import { type Ceiling, TokenBucket } from "./rate-limit";

/** Clients whose buckets are kept at once. */
const CLIENTS = 10_000;

/**
 * A token bucket for each client (subject of the token, so a new token brings no new burst). Memory is bounded: over the limit the
 * clients go whose bucket is full again, which changes nothing for them, and if that is not enough those that came first.
 */
export class ClientLimit {
  private readonly buckets = new Map<string, TokenBucket>();

  constructor(
    private limit: Ceiling,
    private readonly capacity = CLIENTS,
  ) {}

  get size(): number {
    return this.buckets.size;
  }

  /** A new limit applies from now on and gives away no fresh burst. */
  change(limit: Ceiling): void {
    this.limit = limit;
    for (const bucket of this.buckets.values()) bucket.change(limit);
  }

  /** @returns 0 when the request may pass, else whole seconds after which another try makes sense (at least 1). */
  take(client: string, now: number): number {
    let bucket = this.buckets.get(client);
    if (!bucket) {
      if (this.buckets.size >= this.capacity) this.evict(now);
      bucket = new TokenBucket(this.limit, now);
      this.buckets.set(client, bucket);
    }
    return bucket.take(now);
  }

  /** A tenth at least, so that a flood of new clients does not look through all of them each time. */
  private evict(now: number): void {
    for (const [client, bucket] of this.buckets) if (bucket.isFull(now)) this.buckets.delete(client);
    const most = Math.floor(this.capacity * 0.9);
    for (const client of this.buckets.keys()) {
      if (this.buckets.size <= most) return;
      this.buckets.delete(client);
    }
  }
}
