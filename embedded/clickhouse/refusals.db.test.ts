// Errors look like ClickHouse's, a query ends with its client, and nobody but a loopback client with the password gets in.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { eventually, freshDatabase, raw } from "./test-client";

let db: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

test("a syntax error", async () => {
  await expect(db.rows("selec 1")).rejects.toMatchObject({ code: "62", type: "SYNTAX_ERROR" });
});

test("an error before the first row", async () => {
  await expect(db.rows("select throwIf(1)")).rejects.toMatchObject({ code: "395" });
});

test("an error after two million rows reaches the client, after those rows", async () => {
  const result = await db.client.query({
    query: "select throwIf(number = 2500000) x from numbers(3000000)",
    format: "JSONEachRow",
    clickhouse_settings: { max_threads: 1 },
  });
  let rows = 0;
  const read = async () => {
    for await (const chunk of result.stream()) rows += chunk.length;
  };
  await expect(read()).rejects.toMatchObject({ code: "395" });
  expect(rows).toBeGreaterThan(1_000_000);
  expect(rows).toBeLessThanOrEqual(2_500_000);
}, 30_000);

test("two statements in one request are refused, and neither runs", async () => {
  await db.client.command({ query: "create table kept (a UInt8) engine = MergeTree order by a" });
  const both = db.client.command({ query: "select 1; drop table kept" });
  await expect(both).rejects.toMatchObject({ code: "62" });
  expect(await db.count("kept")).toBe(0);
});

test("an empty query", async () => {
  expect(await raw("/", { password: true })).toMatchObject({ status: 400 });
});

test("a missing table answers 404 with the code in a header", async () => {
  const reply = await raw("/?query=select%20*%20from%20nope", { password: true });
  expect(reply.status).toBe(404);
  expect(reply.headers["x-clickhouse-exception-code"]).toBe("60");
  expect(reply.body).toMatch(/^Code: 60\. DB::Exception: .*UNKNOWN_TABLE/s);
});

test("a GET request only reads", async () => {
  const reply = await raw("/?query=create%20table%20x%20(a%20UInt8)%20engine=Memory", { password: true });
  expect(reply.headers["x-clickhouse-exception-code"]).toBe("164");
});

test("other methods are not served", async () => {
  expect(await raw("/?query=select%201", { password: true, method: "PUT" })).toMatchObject({ status: 501 });
});

test("the password is accepted in all three ways, and a wrong one in none", async () => {
  const right = decodeURIComponent(new URL(inject("clickhouseUrl")).password);
  const ways = (password: string) => [
    raw("/?query=select%201", { headers: { "X-ClickHouse-User": "default", "X-ClickHouse-Key": password } }),
    raw("/?query=select%201", {
      headers: { Authorization: `Basic ${Buffer.from(`default:${password}`).toString("base64")}` },
    }),
    raw(`/?query=select%201&user=default&password=${password}`),
  ];
  for (const reply of await Promise.all(ways(right))) expect(reply).toMatchObject({ status: 200, body: "1\n" });
  for (const reply of await Promise.all([...ways("wrong"), raw("/?query=select%201")])) {
    expect(reply.status).toBe(403);
    expect(reply.headers["x-clickhouse-exception-code"]).toBe("516");
  }
});

test("the client sees a wrong password as ClickHouse's error", async () => {
  const stranger = db.open({ password: "wrong", url: new URL("/", inject("clickhouseUrl").replace(/\/\/.*@/, "//")) });
  const sent = stranger.query({ query: "select 1" });
  await expect(sent).rejects.toMatchObject({ code: "516", type: "AUTHENTICATION_FAILED" });
  await stranger.close();
});

test("a rebound name and any browser page are refused, password or not", async () => {
  const path = "/?query=select%201";
  for (const headers of [{ Host: "evil.example:80" }, { Origin: "http://evil.example" }, { Origin: "null" }]) {
    expect(await raw(path, { password: true, headers })).toMatchObject({ status: 403 });
  }
});

const running = async (text: string) => {
  const where = `query like '%${text}%' and query not like '%system.processes%'`;
  return (await db.rows(`select query from system.processes where ${where}`)).length;
};

test("aborting a request ends its query", async () => {
  const abort = new AbortController();
  const query = "select count() from numbers(100000000000) where not ignore(sipHash64(number))";
  const sent = db.client.query({ query, abort_signal: abort.signal });
  await eventually(async () => (await running("100000000000")) > 0);
  abort.abort();
  await expect(sent).rejects.toThrow();
  await eventually(async () => (await running("100000000000")) === 0);
});

test("closing a result early ends its query", async () => {
  const query = "select number, sipHash64(number) from numbers(10000000000)";
  const result = await db.client.query({ query, format: "JSONEachRow" });
  for await (const rows of result.stream()) if (rows.length) break;
  result.close();
  await eventually(async () => (await running("numbers(10000000000)")) === 0);
});

test("an upload that is broken off inserts nothing", async () => {
  await db.client.command({ query: "create table whole (a UInt32) engine = MergeTree order by a" });
  const url = new URL(inject("clickhouseUrl"));
  const [{ database }] = (await db.rows("select currentDatabase() database")) as [{ database: string }];
  const request = `
    const req = require("node:http").request({ host: "127.0.0.1", port: ${url.port}, method: "POST",
      path: "/?database=${database}&query=insert%20into%20whole%20format%20JSONEachRow",
      headers: { "X-ClickHouse-Key": ${JSON.stringify(url.password)}, "Content-Length": 1000000 } });
    req.write('{"a":1}\\n'.repeat(1000), () => process.kill(process.pid, "SIGKILL"));`;
  await once(spawn(process.execPath, ["--eval", request], { stdio: "ignore" }), "exit");
  expect(await db.rows("select 1 from system.processes where query like 'insert into whole%'")).toEqual([]);
  expect(await db.count("whole")).toBe(0);
});
