import { REQUEST_COLUMNS, ROW_COLUMNS } from "@/lib/inference/events";
import type { Batch } from "./ship";

/** Nobody answers there: worth another try soon, because asking costs next to nothing. */
export class ClickHouseAway extends Error {}

const TIMEOUT_MS = 60_000;

const TABLES = [
  { table: "inference_requests", columns: REQUEST_COLUMNS, part: "requests" },
  { table: "inference_rows", columns: ROW_COLUMNS, part: "rows" },
] as const;

/**
 * Inserts over ClickHouse's HTTP interface, database and account from the URL. Deduplicated by the batch's token, also in the rollups
 * behind materialized views.
 * @throws ClickHouseAway when it cannot be reached, Error with its first line when it refuses
 */
export function clickHouseInsert(clickhouseUrl: string): (batch: Batch) => Promise<void> {
  const url = new URL(clickhouseUrl);
  const headers = {
    "content-type": "application/octet-stream",
    "x-clickhouse-user": decodeURIComponent(url.username) || "default",
    "x-clickhouse-key": decodeURIComponent(url.password),
  };
  const database = decodeURIComponent(url.pathname.slice(1)) || "default";
  return async (batch) => {
    for (const { table, columns, part } of TABLES) {
      const body = batch[part];
      if (body.length === 0) continue;
      const parameters = new URLSearchParams({
        database,
        query: `INSERT INTO ${table} (${columns.join(", ")}) FORMAT RowBinary`,
        insert_deduplicate: "1",
        insert_deduplication_token: batch.token,
        deduplicate_blocks_in_dependent_materialized_views: "1",
      });
      await post(`${url.origin}/?${parameters}`, headers, body);
    }
  };
}

async function post(url: string, headers: Record<string, string>, body: Buffer): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method: "POST", headers, body: new Uint8Array(body), signal });
    text = await response.text(); // read to the end: only then is the insert done, and the connection free
  } catch (error) {
    throw new ClickHouseAway(`ClickHouse cannot be reached: ${cause(error)}`);
  }
  if (!response.ok) throw new Error(`ClickHouse answered ${response.status}: ${text.split("\n", 1)[0]?.slice(0, 300)}`);
}

const cause = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
};
