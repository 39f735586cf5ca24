import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { constants, createGzip } from "node:zlib";
import type { Connection, Engine, Result } from "./engine";
import { exceptionBlock } from "./errors";
import { contentType } from "./statement";

export type Client = { gone: boolean; readonly abort: AbortController; kill?: () => void };

/** Writes one answer: the head with ClickHouse's headers, then a body that may be compressed. */
export class Answer {
  readonly #started = process.hrtime.bigint();

  constructor(
    private readonly res: ServerResponse,
    private readonly about: {
      readonly queryId: string;
      readonly tag: string;
      readonly version: string;
      readonly format: string;
      readonly gzip: boolean;
    },
  ) {}

  head(result?: Result): void {
    const { queryId, tag, version, format, gzip } = this.about;
    const summary = {
      read_rows: String(result?.rowsRead ?? 0),
      read_bytes: String(result?.bytesRead ?? 0),
      written_rows: String(result?.rowsWritten ?? 0),
      written_bytes: String(result?.bytesWritten ?? 0),
      total_rows_to_read: "0",
      result_rows: "0",
      result_bytes: "0",
      elapsed_ns: String(process.hrtime.bigint() - this.#started),
    };
    this.res.writeHead(200, {
      "Content-Type": contentType(format),
      "X-ClickHouse-Query-Id": queryId,
      "X-ClickHouse-Format": format,
      "X-ClickHouse-Timezone": "UTC",
      "X-ClickHouse-Server-Display-Name": `chdb-${version}`,
      "X-ClickHouse-Exception-Tag": tag,
      "X-ClickHouse-Summary": JSON.stringify(summary),
      ...(gzip ? { "Content-Encoding": "gzip" } : {}),
    });
  }

  /** A written statement: no rows come back. */
  done(result?: Result): void {
    this.head(result);
    this.res.end();
  }

  whole(result: Result): void {
    this.head(result);
    this.#sink().end(result.bytes);
  }

  /** Sends rows as the engine makes them, no faster than the client reads. */
  async stream(engine: Engine, connection: Connection, sql: string, client: Client): Promise<void> {
    const stream = engine.StreamQuery(connection, sql, this.about.format);
    let out: NodeJS.WritableStream | undefined;
    const begin = () => {
      this.head();
      return this.#sink();
    };
    try {
      for (;;) {
        const chunk = await engine.StreamFetch(stream);
        if (chunk.done || client.gone) break;
        out ??= begin();
        if (!out.write(chunk.bytes)) await once(out, "drain", { signal: client.abort.signal }).catch(() => undefined);
      }
      (out ?? begin()).end();
    } catch (error) {
      if (!out) throw error; // nothing sent yet: a proper status line
      out.end(exceptionBlock(this.about.tag, error as Error));
    } finally {
      engine.StreamCancel(stream);
    }
  }

  #sink(): NodeJS.WritableStream {
    if (!this.about.gzip) return this.res;
    const zip = createGzip({ level: 3, flush: constants.Z_SYNC_FLUSH });
    zip.pipe(this.res);
    return zip;
  }
}
