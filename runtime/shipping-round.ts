import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ClickHouseAway } from "./clickhouse-insert";
import { type Batch, shipNext } from "./ship";
import { unshippedBytes } from "./spool-segments";

export type ShippingOptions = {
  spoolRoot: string;
  insert(batch: Batch): Promise<void>;
  /** Wait no longer than this before shipping less than a full batch, in milliseconds: many small inserts cost ClickHouse many parts. */
  lingerMs: number;
  batchBytes: number;
};

type Turn = { notBefore: number; failures: number };

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = { away: 1000, refused: 15_000 };

/** Exponential from 0.1 s, up to 1 s while ClickHouse is away and up to 15 s while it refuses what is sent. */
export const retryAfterMs = (error: unknown, failures: number): number =>
  Math.min(LONGEST_RETRY_MS[error instanceof ClickHouseAway ? "away" : "refused"], FIRST_RETRY_MS * 2 ** failures);

/** Ships the spools of all endpoints in turn; one that fails backs off and does not hold up the others. */
export class Shipping {
  shippedBytes = 0;
  tornBytes = 0;
  failures = 0;
  /** Why the last try of an endpoint failed. */
  readonly problems = new Map<string, string>();
  private readonly turns = new Map<string, Turn>();

  constructor(private readonly options: ShippingOptions) {}

  /** @returns whether anything was shipped */
  async round(now: () => number): Promise<boolean> {
    let isBusy = false;
    for (const endpoint of this.endpoints()) {
      const turn = this.turns.get(endpoint) ?? { notBefore: 0, failures: 0 };
      this.turns.set(endpoint, turn);
      if (turn.notBefore <= now() && (await this.shipOne(endpoint, turn, now))) isBusy = true;
    }
    return isBusy;
  }

  private endpoints(): string[] {
    const { spoolRoot } = this.options;
    if (!existsSync(spoolRoot)) return [];
    const entries = readdirSync(spoolRoot, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  private async shipOne(endpoint: string, turn: Turn, now: () => number): Promise<boolean> {
    const { spoolRoot, insert, batchBytes, lingerMs } = this.options;
    const dir = path.join(spoolRoot, endpoint);
    const onTorn = (bytes: number) => {
      this.tornBytes += bytes;
    };
    try {
      const shipped = await shipNext({ endpoint, dir, batchBytes, insert, onTorn });
      this.shippedBytes += shipped;
      turn.failures = 0;
      turn.notBefore = unshippedBytes(dir) >= batchBytes ? 0 : now() + lingerMs;
      this.problems.delete(endpoint);
      return shipped > 0;
    } catch (error) {
      this.failures++;
      turn.notBefore = now() + retryAfterMs(error, turn.failures++);
      this.problems.set(endpoint, error instanceof Error ? error.message : String(error));
      return false;
    }
  }
}
