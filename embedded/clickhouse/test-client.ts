import { randomUUID } from "node:crypto";
import { request } from "node:http";
// biome-ignore lint/plugin: the contract tests hold the server against the unmodified client
import { ClickHouseLogLevel, createClient } from "@clickhouse/client";
import { inject } from "vitest";

type Config = NonNullable<Parameters<typeof createClient>[0]>;

/** The unmodified client on a database of its own in the run's engine. */
export async function freshDatabase() {
  const url = inject("clickhouseUrl").replace(/\/default$/, "");
  const database = `contract_${randomUUID().replaceAll("-", "")}`;
  const open = (config: Config = {}) =>
    createClient({ url, database, log: { level: ClickHouseLogLevel.OFF }, ...config });
  const client = open();
  await createDatabase(url, database);

  /** Rows of a query. */
  async function rows<T = Record<string, unknown>>(query: string, more: object = {}): Promise<T[]> {
    return (await client.query({ query, format: "JSONEachRow", ...more })).json<T>();
  }
  async function count(table: string): Promise<number> {
    const [row] = await rows<{ c: string }>(`select count() c from ${table}`);
    return Number(row?.c);
  }
  /** Runs `work` and tells how many rows the table gained. */
  async function gained(table: string, work: () => Promise<unknown>): Promise<number> {
    const before = await count(table);
    await work();
    return (await count(table)) - before;
  }
  const close = async () => {
    await client.command({ query: `drop database ${database} sync` });
    await client.close();
  };
  return { client, open, rows, count, gained, close };
}

async function createDatabase(url: string, database: string): Promise<void> {
  const admin = createClient({ url });
  await admin.command({ query: `create database ${database} engine = Atomic` });
  await admin.close();
}

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
};

/** One request without a client; `password: true` adds the right credentials as ClickHouse's headers. */
export function raw(
  path: string,
  options: { headers?: Record<string, string>; method?: string; password?: boolean } = {},
): Promise<Reply> {
  const url = new URL(inject("clickhouseUrl"));
  const own = options.password
    ? { "X-ClickHouse-User": "default", "X-ClickHouse-Key": decodeURIComponent(url.password) }
    : {};
  const headers = { ...own, ...options.headers };
  return new Promise((resolve, reject) => {
    request({ host: url.hostname, port: url.port, path, method: options.method ?? "GET", headers }, (res) => {
      let body = "";
      res.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body }));
    })
      .on("error", reject)
      .end();
  });
}

/** Everything a stream of bytes brings. */
export async function bytes(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Resolves when the check first holds; the test's own time limit ends a wait in vain. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 50));
}
