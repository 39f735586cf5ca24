import "server-only";
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { z } from "zod";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/** What a bound parameter may be: `{name:Type}` in the SQL gives the type. */
export type Param = string | number | boolean | null | readonly (string | number)[];
export type Params = Readonly<Record<string, Param>>;

const SETTINGS = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  date_time_output_format: "iso",
} as const;

// `next dev` reloads modules; the connections must survive that.
const kept: { clickhouse?: ClickHouseClient } = globalThis as { clickhouse?: ClickHouseClient };

/** Whether measurements have a place to live. */
export function hasClickHouse(): boolean {
  return env().CLICKHOUSE_URL !== undefined;
}

/** The client of `CLICKHOUSE_URL`, made on first use. Throws `unavailable` when it is not set. */
function clickhouse(): ClickHouseClient {
  kept.clickhouse ??= connect(configuredUrl());
  return kept.clickhouse;
}

function configuredUrl(): string {
  const url = env().CLICKHOUSE_URL;
  if (!url) throw new AppError("unavailable", "Nothing is measured here: set CLICKHOUSE_URL.");
  return url;
}

function connect(url: string, withDatabase = true): ClickHouseClient {
  const { base, database } = splitUrl(url);
  return createClient({
    url: base,
    database: withDatabase ? database : "default",
    application: "proviso",
    clickhouse_settings: SETTINGS,
    max_open_connections: 16,
    use_multipart_params_auto: true, // long arrays do not fit in a URL
    log: { level: ClickHouseLogLevel.OFF },
  });
}

/** The server's address and the database: the URL's path, `proviso` when it names none (or `default`, where our tables never go). */
export function splitUrl(url: string): { readonly base: string; readonly database: string } {
  const parsed = new URL(url);
  const path = decodeURIComponent(parsed.pathname).replace(/^\/+|\/+$/g, "");
  parsed.pathname = "/";
  return { base: parsed.href, database: path === "" || path === "default" ? "proviso" : path };
}

/**
 * Rows of one statement, each parsed by `schema`. 64-bit integers come as numbers: select keys and hashes with toString.
 * Throws `unavailable` when the store is not configured, cannot be reached or is too slow.
 */
export function queryRows<T extends z.ZodType>(sql: string, params: Params, schema: T): Promise<z.output<T>[]> {
  return answered(async () => {
    const result = await clickhouse().query({ query: sql, query_params: { ...params }, format: "JSONEachRow" });
    return z.array(schema).parse(await result.json());
  });
}

/**
 * Inserts `values` (in the order of `columns`) as one block. The same `token` again, within the table's window, changes nothing,
 * and completes views that a kill left half done.
 */
export function insertRows(
  table: string,
  columns: readonly [string, ...string[]],
  values: readonly (readonly unknown[])[],
  token?: string,
): Promise<void> {
  if (values.length === 0) return Promise.resolve();
  return answered(async () => {
    await clickhouse().insert({
      table,
      columns: [...columns],
      values,
      format: "JSONCompactEachRow",
      ...(token !== undefined && { clickhouse_settings: dedup(token) }),
    });
  });
}

/** Runs a statement that returns nothing. `token` as in `insertRows`. */
export function execute(sql: string, params: Params = {}, token?: string): Promise<void> {
  return answered(async () => {
    await clickhouse().command({
      query: sql,
      query_params: { ...params },
      ...(token !== undefined && { clickhouse_settings: dedup(token) }),
    });
  });
}

function dedup(token: string) {
  return { insert_deduplication_token: token, deduplicate_blocks_in_dependent_materialized_views: 1 } as const;
}

/** Runs `work` with a connection to the server itself and the name of our database, which may not exist yet. For migrations. */
export async function withServer<T>(
  work: (server: {
    command: (sql: string) => Promise<void>;
    inDatabase: ClickHouseClient;
    database: string;
  }) => Promise<T>,
): Promise<T> {
  const url = configuredUrl();
  const server = connect(url, false);
  const inDatabase = connect(url);
  try {
    const command = async (query: string) => void (await server.command({ query }));
    return await work({ command, inDatabase, database: splitUrl(url).database });
  } finally {
    await Promise.all([server.close(), inDatabase.close()]);
  }
}

/** Closes the connections: for scripts, workers and tests. */
export async function closeClickHouse(): Promise<void> {
  await kept.clickhouse?.close();
  delete kept.clickhouse;
}

/** Answers of the server that say "not now" rather than "wrong": too slow (159), too busy (202), out of memory (241), read-only (242), disk full (243). */
const NOT_NOW = new Set(["159", "202", "241", "242", "243"]);

async function answered<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClickHouseError && NOT_NOW.has(error.code)) {
      throw new AppError("unavailable", `The store of measurements cannot answer now (${error.type ?? error.code}).`);
    }
    if (isConnectionError(error)) throw new AppError("unavailable", "The store of measurements does not answer.");
    throw error;
  }
}

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    /^E(CONN|HOST|PIPE|TIMEDOUT|AI_AGAIN|NOTFOUND)/.test(code) || /^Timeout error\.|socket hang up/.test(error.message)
  );
}
