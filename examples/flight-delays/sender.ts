import type { AskedRequest } from "./schedule";

type Delivery = {
  /** Resolves when the request has its final answer; repeats by itself what may be repeated. */
  readonly deliver: (request: AskedRequest) => Promise<void>;
  readonly concurrency: number;
  /** So many requests wait at most; then `offer` waits, and with it the clock of the data. */
  readonly capacity: number;
};

/** A bounded queue in front of a fixed number of deliveries at a time, first in, first out. */
export class Sender {
  private readonly queue: AskedRequest[] = [];
  private active = 0;
  private waiting: (() => void)[] = [];

  constructor(private readonly options: Delivery) {}

  get outstanding(): number {
    return this.queue.length + this.active;
  }

  async offer(request: AskedRequest): Promise<void> {
    while (this.queue.length >= this.options.capacity) await this.change();
    this.queue.push(request);
    this.start();
  }

  /** Waits for the final answers to everything offered. */
  async drained(): Promise<void> {
    while (this.outstanding > 0) await this.change();
  }

  private start(): void {
    while (this.active < this.options.concurrency) {
      const request = this.queue.shift();
      if (!request) return;
      this.active++;
      void this.options.deliver(request).finally(() => {
        this.active--;
        this.start();
        const resume = this.waiting;
        this.waiting = [];
        for (const wake of resume) wake();
      });
    }
  }

  private change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
