import type { Stored } from "./test-managed-fields";

type Change = { readonly version: number; readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Stored };

export type HistoryOptions = {
  /** Lets so many milliseconds pass. */
  readonly pause: (ms: number) => Promise<void>;
  /** Called before an event of a watch is handed over: may wait; false ends the watch. */
  readonly deliver?: () => Promise<boolean>;
};

type Watching = {
  readonly from: number;
  readonly signal: AbortSignal;
  /** After which the server ends it. */
  readonly seconds: number;
  readonly isMeant: (object: Stored) => boolean;
};

/** What happened in a server in memory, as its watches tell it. */
export class TestHistory {
  version = 1;
  readonly #options: HistoryOptions;
  #changes: Change[] = [];
  #forgotten = 0;
  #wake: (() => void)[] = [];

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  next(): number {
    this.version++;
    return this.version;
  }

  /** Forgets what happened so far: watches from before it expire. */
  compact(): void {
    this.#forgotten = this.version;
    this.#changes = [];
  }

  reaches(version: number): boolean {
    return version >= this.#forgotten;
  }

  tell(type: Change["type"], object: Stored): void {
    this.#changes.push({ version: this.version, type, object });
    this.#wakeAll();
  }

  async *events({ from, signal, seconds, isMeant }: Watching): AsyncIterable<string> {
    let next = from;
    let isOver = false;
    signal.addEventListener("abort", () => this.#wakeAll(), { once: true });
    void this.#options.pause(seconds * 1000).then(() => {
      isOver = true;
      this.#wakeAll();
    });
    while (!signal.aborted) {
      if (!this.reaches(next)) {
        yield JSON.stringify({ type: "ERROR", object: { code: 410, reason: "Expired", message: "too old" } });
        return;
      }
      const change = this.#changeAfter(next);
      if (!change && isOver) {
        yield JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: `${this.version}` } } });
        return;
      }
      next = change?.version ?? next;
      if (!change) await new Promise<void>((resolve) => this.#wake.push(resolve));
      else if (isMeant(change.object)) {
        if (this.#options.deliver && !(await this.#options.deliver())) return;
        yield JSON.stringify({ type: change.type, object: change.object });
      }
    }
  }

  /** The oldest change after a version, which they are in the order of. */
  #changeAfter(version: number): Change | undefined {
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.version ?? 0) > version) high = middle;
      else low = middle + 1;
    }
    return this.#changes[low];
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
