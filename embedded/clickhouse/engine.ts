// The native addon of chDB (the ClickHouse engine as a library). Its JavaScript wrapper runs all parameterised queries one after
// the other and refuses binary inserts; with one connection per request neither is needed, so the addon is called directly.
// This surface is private to chdb: its version is pinned, and the contract tests next to this file are what keeps it true.
import { createRequire } from "node:module";

export type Connection = { readonly __connection: unique symbol };
export type Stream = { readonly __stream: unique symbol };

export type Result = {
  readonly bytes: Uint8Array;
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly rowsWritten?: number;
  readonly bytesWritten?: number;
};

export type Engine = {
  /** The first connection opens the folder (one process at a time) and takes the engine's arguments; later ones share it. */
  CreateConnection(dir: string, args?: readonly string[]): Connection;
  CloseConnection(connection: Connection): void;
  EngineVersion(): string;
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<Result>;
  InsertRawAsyncConnection(
    connection: Connection,
    statement: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<Result>;
  /** Counts statements with ClickHouse's own parser; class 0 only reads. */
  DurableClassifyAsync(
    connection: Connection,
    sql: string,
    database: string,
  ): Promise<{ readonly statementCount: number; readonly queryClass: number }>;
  StreamQuery(connection: Connection, sql: string, format: string): Stream;
  StreamFetch(stream: Stream): Promise<{ readonly done?: boolean; readonly bytes: Uint8Array }>;
  StreamCancel(stream: Stream): void;
};

const PACKAGES = new Map([
  ["linux-x64", "@chdb/lib-linux-x64-gnu"],
  ["linux-arm64", "@chdb/lib-linux-arm64-gnu"],
  ["darwin-x64", "@chdb/lib-darwin-x64"],
  ["darwin-arm64", "@chdb/lib-darwin-arm64"],
]);

const platform = `${process.platform}-${process.arch}`;
const require = createRequire(import.meta.url);

/** Whether chDB has a build for this machine and npm installed it (not on Windows, nor with musl). Loads nothing. */
export function hasEngine(): boolean {
  try {
    require.resolve(PACKAGES.get(platform) ?? "");
    return true;
  } catch {
    return false;
  }
}

/** Loads the engine into this process; throws where there is no build of it. */
export function loadEngine(): Engine {
  const name = PACKAGES.get(platform);
  if (!name) throw new Error(`chDB has no build for ${platform}; set CLICKHOUSE_URL to a ClickHouse server`);
  return require(name) as Engine;
}

/** Text as a ClickHouse string literal. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n").replace(/\0/g, "\\0")}'`;
}
