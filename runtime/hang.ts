import type { LoadedRevision } from "./revision";

const SHORTEST_MS = 5000;
const DEADLINES = 20;
const DOUBLINGS = 5;
const MEMORY_MS = 10 * 60_000;

/**
 * How long a run may take before its thread counts as lost: 20 deadlines, at least 5 s; infinite without a thread, a deadline and a declared
 * failure mode. Each earlier hang doubles it (32-fold at most): a model that hangs every time must not keep its process restarting, while
 * something else could go on answering. Pure.
 */
export function hangLimitMs({ config, model }: Pick<LoadedRevision, "config" | "model">, hangs: number): number {
  const { failure, deadlineMs } = config;
  if (model.mode !== "thread" || !failure || deadlineMs === null) return Number.POSITIVE_INFINITY;
  return Math.max(SHORTEST_MS, DEADLINES * deadlineMs) * 2 ** Math.min(hangs, DOUBLINGS);
}

/** What a host remembers of the hangs of one endpoint; after ten minutes without one they are forgotten. */
export class HangMemory {
  private n = 0;
  private lastAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds since 1970 */
  add(now: number): void {
    this.n = this.count(now) + 1;
    this.lastAt = now;
  }

  count(now: number): number {
    return now - this.lastAt > MEMORY_MS ? 0 : this.n;
  }
}
