import type { AskedRequest } from "./schedule";

/** The true outcome of one asked flight. `knownAt` in UTC seconds. */
export type Label = {
  readonly requestId: string;
  readonly row: number;
  readonly late: boolean;
  readonly at: number;
  readonly knownAt: number;
};

export function labelsOf(request: AskedRequest): Label[] {
  return request.flights.map(({ late, at, knownAt }, row) => ({ requestId: request.id, row, late, at, knownAt }));
}

/** Labels of answered flights, given out in the order in which they become known (a binary heap). */
export class PendingLabels {
  private readonly heap: Label[] = [];
  /** Given out and not yet confirmed. */
  private sending: readonly Label[] = [];

  get size(): number {
    return this.heap.length + this.sending.length;
  }

  add(labels: readonly Label[]): void {
    for (const label of labels) {
      this.heap.push(label);
      this.rise(this.heap.length - 1);
    }
  }

  /** What is known at `now` (UTC seconds), at most `limit`. Until `confirm`, the same labels are given out again. */
  take(now: number, limit: number): readonly Label[] {
    if (this.sending.length > 0) return this.sending;
    const taken: Label[] = [];
    while (taken.length < limit && (this.heap[0]?.knownAt ?? Number.POSITIVE_INFINITY) <= now) {
      const label = this.pop();
      if (label) taken.push(label);
    }
    this.sending = taken;
    return taken;
  }

  confirm(): void {
    this.sending = [];
  }

  /** Every label of an answered flight that became known up to here is confirmed; `now` when none waits. */
  confirmedThrough(now: number): number {
    const waiting = [this.heap[0], this.sending[0]].flatMap((label) => (label ? [label.knownAt] : []));
    return Math.min(now, ...waiting.map((t) => t - 1));
  }

  private pop(): Label | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (last && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  private rise(from: number): void {
    let i = from;
    while (i > 0 && this.isEarlier(i, (i - 1) >> 1)) {
      this.swap(i, (i - 1) >> 1);
      i = (i - 1) >> 1;
    }
  }

  private sink(from: number): void {
    let i = from;
    for (;;) {
      const left = 2 * i + 1;
      const smaller = left + 1 < this.heap.length && this.isEarlier(left + 1, left) ? left + 1 : left;
      if (smaller >= this.heap.length || !this.isEarlier(smaller, i)) return;
      this.swap(i, smaller);
      i = smaller;
    }
  }

  private isEarlier(i: number, j: number): boolean {
    return (this.heap[i]?.knownAt ?? 0) < (this.heap[j]?.knownAt ?? 0);
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.heap[i], this.heap[j]];
    if (a && b) {
      this.heap[i] = b;
      this.heap[j] = a;
    }
  }
}
