/** Counts of latencies per bucket; the bounds are those of the contract, so that a signed target is never inside a bucket. */
export class LatencyHistogram {
  private readonly boundsUs: Float64Array;
  private readonly counts: Float64Array;
  private sumUs = 0;

  /** @param boundsMs upper bounds in milliseconds, in any order. */
  constructor(boundsMs: readonly number[]) {
    this.boundsUs = Float64Array.from(new Set(boundsMs), (ms) => ms * 1000).sort();
    this.counts = new Float64Array(this.boundsUs.length + 1);
  }

  /** A latency equal to a bound counts as within it (Prometheus: le). */
  observe(us: number): void {
    let k = 0;
    while (k < this.boundsUs.length && us > (this.boundsUs[k] as number)) k++;
    this.counts[k] = (this.counts[k] ?? 0) + 1;
    this.sumUs += us;
  }

  /** Cumulative, in seconds, as Prometheus wants them; the last bucket is +Inf. */
  buckets(): { le: string; count: number }[] {
    let sum = 0;
    return Array.from(this.counts, (count, k) => {
      sum += count;
      const bound = this.boundsUs[k];
      return { le: bound === undefined ? "+Inf" : String(bound / 1e6), count: sum };
    });
  }

  get sumSeconds(): number {
    return this.sumUs / 1e6;
  }
}
