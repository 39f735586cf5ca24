import { type Connection, type Engine, literal } from "./engine";
import { exception } from "./errors";

/** Parameters of the HTTP interface itself; every other one is a setting or a query parameter (`param_x`). */
const RESERVED = new Set([
  "query",
  "query_id",
  "database",
  "user",
  "password",
  "default_format",
  "session_id",
  "session_timeout",
  "session_check",
  "role",
  "quota_key",
  "wait_end_of_query",
  "buffer_size",
  "compress",
  "decompress",
  "stacktrace",
  "enable_http_compression",
  "http_zlib_compression_level",
]);

export type Settings = Readonly<Record<string, string>>;

/** Sets the database, settings and parameters of one request on its connection. `log_comment` names the query, for `kill`. */
export async function applySettings(
  engine: Engine,
  connection: Connection,
  request: { readonly params: URLSearchParams; readonly queryId: string; readonly readonly: boolean },
  defaults: Settings,
): Promise<void> {
  const settings: Settings = {
    log_comment: request.queryId,
    ...defaults,
    ...Object.fromEntries([...request.params].filter(([name]) => !RESERVED.has(name))),
    ...(request.readonly ? { readonly: "1" } : {}),
  };
  const bad = Object.keys(settings).find((name) => !/^\w+$/.test(name));
  if (bad) throw exception(115, "UNKNOWN_SETTING", `Unknown setting '${bad}'`);
  const database = request.params.get("database");
  if (database) await engine.QueryAsyncConnection(connection, `USE \`${database.replace(/[\\`]/g, "\\$&")}\``, "TSV");
  const list = Object.entries(settings).map(([name, value]) => `${name}=${literal(value)}`);
  await engine.QueryAsyncConnection(connection, `SET ${list.join(", ")}`, "TSV");
}

/** Ends a running query. chDB has no other way, and no query ids: it is found by its log comment. */
export function killQuery(engine: Engine, connection: Connection, comment: string): void {
  const sql = `KILL QUERY WHERE Settings['log_comment']=${literal(comment)} ASYNC`;
  engine.QueryAsyncConnection(connection, sql, "TSV").catch(() => undefined); // it ended by itself meanwhile
}
