// ClickHouse's HTTP interface over the embedded engine, for loopback clients: the unmodified @clickhouse/client talks to it exactly
// as to a cluster. SQL can read every file of this user and reach the network: callers bind parameters and never pass SQL through.
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { Answer, type Client } from "./answer";
import { authenticate, isForeign } from "./auth";
import { type Body, formFields, readBody } from "./body";
import { type Connection, type Engine, literal, loadEngine } from "./engine";
import { codeOf, exception, statusOf } from "./errors";
import { limit } from "./limit";
import { Sessions } from "./sessions";
import { applySettings, killQuery, type Settings } from "./settings";
import { isInsert, mayStream, TRAILING_FORMAT, trailingFormat } from "./statement";

export type ServerOptions = {
  readonly dir: string;
  readonly port: number;
  readonly password: string;
  readonly engineArguments: readonly string[];
  readonly defaults: Settings;
};

type Request = {
  readonly params: URLSearchParams;
  readonly queryId: string;
  readonly sql: string;
  readonly insert: { readonly format: string | undefined } | undefined;
  readonly body: Body;
  readonly readonly: boolean;
};

// Many large inserts at once overshoot max_server_memory_usage.
const PARALLEL_INSERTS = 2;

class ClickHouseServer {
  readonly version: string;
  readonly #engine: Engine = loadEngine();
  readonly #root: Connection;
  readonly #sessions: Sessions;
  readonly #spool: string;
  readonly #writes = limit(PARALLEL_INSERTS);

  constructor(private readonly options: ServerOptions) {
    this.#root = this.#engine.CreateConnection(options.dir, options.engineArguments); // keeps the engine open, carries no request
    this.#sessions = new Sessions(this.#engine, options.dir);
    this.#spool = path.join(options.dir, "tmp", "http-spool");
    rmSync(this.#spool, { recursive: true, force: true });
    mkdirSync(this.#spool, { recursive: true, mode: 0o700 });
    this.version = this.#engine.EngineVersion();
  }

  close(): void {
    this.#sessions.closeAll();
    this.#engine.CloseConnection(this.#root);
  }

  async handle(req: IncomingMessage, res: ServerResponse, client: Client): Promise<void> {
    if (isForeign(req)) return void res.writeHead(403).end("Forbidden: loopback clients only\n");
    const { pathname, searchParams: params } = new URL(req.url ?? "/", "http://127.0.0.1");
    if (pathname !== "/") return this.#otherPath(pathname, res);
    authenticate(req, params, this.options.password);
    if (req.method !== "POST" && req.method !== "GET") {
      throw exception(48, "NOT_IMPLEMENTED", `Method ${req.method} is not supported`);
    }
    const request = await this.#read(req, params);
    try {
      if (!request.sql.trim()) throw exception(62, "SYNTAX_ERROR", "Empty query");
      const gzip =
        params.get("enable_http_compression") === "1" && /\bgzip\b/.test(String(req.headers["accept-encoding"] ?? ""));
      await this.#run(request, res, client, gzip);
    } finally {
      request.body.discard();
    }
  }

  #otherPath(pathname: string, res: ServerResponse): void {
    const ping = pathname === "/ping"; // open, as in ClickHouse
    res.writeHead(ping ? 200 : 404, { "Content-Type": "text/plain; charset=UTF-8" });
    res.end(ping ? "Ok.\n" : `There is no handle ${pathname}\n`);
  }

  async #read(req: IncomingMessage, params: URLSearchParams): Promise<Request> {
    let sql = params.get("query") ?? "";
    const insert = isInsert(sql) ? { format: trailingFormat(sql) } : undefined;
    const body = await readBody(req, insert, this.#spool);
    if (/boundary=.+$/.test(String(req.headers["content-type"] ?? ""))) {
      for (const [name, value] of formFields(body.data)) {
        if (name === "query") sql = value;
        else params.set(name, value);
      }
    } else if (!insert) {
      sql = [sql, body.data.toString()].filter(Boolean).join("\n");
    }
    return {
      params,
      queryId: params.get("query_id") || randomUUID(),
      sql,
      insert,
      body,
      readonly: req.method === "GET",
    };
  }

  async #run(request: Request, res: ServerResponse, client: Client, gzip: boolean): Promise<void> {
    const engine = this.#engine;
    const { params, sql, queryId } = request;
    const lease = this.#sessions.take(params.get("session_id"), Number(params.get("session_timeout") ?? 60));
    try {
      await applySettings(engine, lease.connection, request, this.options.defaults);
      const kind = await engine.DurableClassifyAsync(lease.connection, sql, "default");
      if (kind.statementCount > 1) {
        throw exception(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");
      }
      if (kind.queryClass === 0)
        client.kill = () => killQuery(engine, this.#root, params.get("log_comment") ?? queryId);
      if (client.gone) return;
      const format = trailingFormat(sql) ?? params.get("default_format") ?? "TabSeparated";
      const tag = randomBytes(8).toString("hex");
      const answer = new Answer(res, { queryId, tag, version: this.version, format, gzip });
      if (request.insert && (request.body.file || request.body.data.length)) {
        answer.done(await this.#writes(() => this.#insert(lease.connection, request)));
      } else if (request.insert?.format) {
        answer.done(); // INSERT … FORMAT x with an empty body: no rows
      } else if (mayStream(sql, format)) {
        await answer.stream(engine, lease.connection, sql, client);
      } else {
        answer.whole(await engine.QueryAsyncConnection(lease.connection, sql, format));
      }
    } finally {
      lease.release();
    }
  }

  #insert(connection: Connection, { sql, body }: Request) {
    if (!body.file) return this.#engine.InsertRawAsyncConnection(connection, sql, body.data, false);
    // A replacement function: in a replacement string, $ in a path would be a pattern.
    const fromFile = sql.replace(
      TRAILING_FORMAT,
      (_, format) => `FROM INFILE ${literal(body.file ?? "")} FORMAT ${format}`,
    );
    return this.#engine.QueryAsyncConnection(connection, fromFile, "TSV");
  }
}

function sendError(req: IncomingMessage, res: ServerResponse, error: Error, version: string): void {
  if (res.headersSent || res.destroyed) return void res.destroy();
  req.resume();
  const code = codeOf(error);
  res.writeHead(statusOf(code), {
    "Content-Type": "text/plain; charset=UTF-8",
    "X-ClickHouse-Exception-Code": String(code),
  });
  res.end(`${error.message} (version ${version})\n`);
}

/** Opens the folder and listens on 127.0.0.1. `stop` lets running requests end. One process per folder: a second one throws. */
export async function serveClickHouse(options: ServerOptions): Promise<{ port: number; stop(): Promise<void> }> {
  const clickhouse = new ClickHouseServer(options);
  const server = createServer({ keepAliveTimeout: 10_000, requestTimeout: 0 }, (req, res) => {
    const client: Client = { gone: false, abort: new AbortController() };
    res.on("close", () => {
      if (res.writableFinished) return;
      client.gone = true;
      client.abort.abort();
      client.kill?.();
    });
    clickhouse.handle(req, res, client).catch((error: Error) => sendError(req, res, error, clickhouse.version));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        clickhouse.close();
        resolve();
      });
      server.closeIdleConnections();
    });
  return { port: address && typeof address === "object" ? address.port : 0, stop };
}
