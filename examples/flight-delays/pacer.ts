import { setTimeout as sleep } from "node:timers/promises";

/** Behind by more than this, the clock is set back instead of catching up in a burst that no real traffic would make. */
const TOLERATED_LAG_MS = 1000;

/** The clock of the data: `speed` seconds of data pass per second, and it stands still while the replay cannot go on. */
export class Pacer {
  private origin: { readonly data: number; wall: number } | undefined;
  private last = 0;

  constructor(private readonly speed: number) {}

  /** Waits until `due` (UTC seconds of the data). */
  async until(due: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.origin ??= { data: due, wall: now };
    const target = this.origin.wall + ((due - this.origin.data) / this.speed) * 1000;
    if (now - target > TOLERATED_LAG_MS) this.origin.wall += now - target;
    else if (target > now + 1) await sleep(target - now, undefined, { signal });
    this.last = due;
  }

  /** Data time, UTC seconds: never ahead of what was reached by more than the pause to the next request. */
  now(): number {
    return this.last;
  }
}
