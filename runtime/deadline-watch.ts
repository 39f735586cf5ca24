import type { Pending } from "./pending";

/** Requests that wait, and one timer for the one that is due first. Most are due in the order in which they came. */
export class DeadlineWatch {
  private readonly waiting: Pending[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** When the timer goes off, by performance.now(). */
  private wakeAt = Number.POSITIVE_INFINITY;

  /** @param expire ends those that are late (marks them done) */
  constructor(private readonly expire: (waiting: readonly Pending[]) => void) {}

  add(pending: Pending): void {
    this.waiting.push(pending);
    if (pending.due < this.wakeAt) this.wakeFor(pending.due);
  }

  forgetDone(): void {
    while (this.waiting[0]?.done) this.waiting.shift();
  }

  private wakeFor(due: number): void {
    clearTimeout(this.timer);
    this.wakeAt = due;
    this.timer = setTimeout(this.sweep, Math.max(1, Math.ceil(due - performance.now())));
  }

  private readonly sweep = (): void => {
    this.timer = undefined;
    this.wakeAt = Number.POSITIVE_INFINITY;
    this.expire(this.waiting);
    this.forgetDone();
    let next = Number.POSITIVE_INFINITY;
    for (const pending of this.waiting) if (!pending.done && pending.due < next) next = pending.due;
    if (next < Number.POSITIVE_INFINITY) this.wakeFor(next);
  };
}
