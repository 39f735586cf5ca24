// Parameters, settings, databases, sessions and query ids of one request never reach another.
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "./test-client";

let db: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

const NASTY = "it's a \t tab\n \\ back ☃ ; -- select 1 /* \0";

test("bound values of every type come back as they were, quotes, tabs and NUL included", async () => {
  const [row] = await db.rows(
    `select {x:UInt32} + 1 x, {s:String} s, {arr:Array(String)} arr, {n:Nullable(String)} n, toUnixTimestamp64Milli({d:DateTime64(3)}) d,
     {m:Map(String, UInt8)} m, {b:Bool} b, {f:Float64} f`,
    {
      query_params: {
        x: 41,
        s: NASTY,
        arr: ["a'b", "c\\d"],
        n: null,
        d: new Date(1700000000123),
        m: { k: 1 },
        b: true,
        f: 1.5,
      },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    },
  );
  expect(row).toEqual({
    x: 42,
    s: NASTY,
    arr: ["a'b", "c\\d"],
    n: null,
    d: 1700000000123,
    m: { k: 1 },
    b: true,
    f: 1.5,
  });
});

test("an identifier can be bound", async () => {
  const query = "select {t:Identifier} v from system.numbers limit 1";
  expect(await db.rows(query, { query_params: { t: "number" } })).toEqual([{ v: 0 }]);
});

test("long parameters travel as a form", async () => {
  const s = `${"x".repeat(200_000)}\r\nfoo`;
  const more = { query_params: { s, y: 7 }, use_multipart_params: true };
  expect(await db.rows("select {s:String} s, {y:UInt8} y", more)).toEqual([{ s, y: 7 }]);
});

test("forty queries at once each see their own parameter", async () => {
  const ask = async (x: number) => (await db.rows("select {x:UInt32} x, sleep(0.02)", { query_params: { x } }))[0]?.x;
  const all = Array.from({ length: 40 }, (_, x) => x);
  expect(await Promise.all(all.map(ask))).toEqual(all);
});

test("a setting holds for its query only", async () => {
  const query = "select toUInt8(getSetting('join_use_nulls')) j";
  expect(await db.rows(query, { clickhouse_settings: { join_use_nulls: 1 } })).toEqual([{ j: 1 }]);
  expect(await db.rows(query)).toEqual([{ j: 0 }]);
});

test("a query is bounded in memory and time without anybody asking", async () => {
  const names = "name in ('max_memory_usage', 'max_execution_time') order by name";
  expect(await db.rows(`select value from system.settings where ${names}`)).toEqual([
    { value: "60" },
    { value: "600000000" },
  ]);
  await expect(db.rows("select groupArray(number) from numbers(200000000)")).rejects.toMatchObject({ code: "241" });
});

test.each(["bogus", "a b", "x;y"])("the unknown setting %s is refused with code 115", async (name) => {
  await expect(db.rows("select 1", { clickhouse_settings: { [name]: 1 } })).rejects.toMatchObject({ code: "115" });
});

test("settings of the HTTP interface itself pass", async () => {
  const clickhouse_settings = {
    send_progress_in_http_headers: 1,
    http_headers_progress_interval_ms: "100",
    cancel_http_readonly_queries_on_client_close: 1,
    http_write_exception_in_output_format: 0,
  };
  expect(await db.rows("select 1 a", { clickhouse_settings })).toEqual([{ a: 1 }]);
  await db.client.command({ query: "select 1", clickhouse_settings: { wait_end_of_query: 1 } });
});

test("names resolve in the database of the request", async () => {
  await db.client.command({ query: "create table here (a UInt8) engine = MergeTree order by a" });
  await db.client.insert({ table: "here", values: [{ a: 1 }], format: "JSONEachRow" });
  expect(await db.count("here")).toBe(1);
  const elsewhere = db.open({ database: "default" });
  await expect(elsewhere.query({ query: "select * from here" })).rejects.toMatchObject({ code: "60" });
  await elsewhere.close();
});

test("the caller's query id comes back", async () => {
  const result = await db.client.query({ query: "select 1", query_id: "my-id" });
  result.close();
  expect(result.query_id).toBe("my-id");
  expect(result.response_headers["x-clickhouse-query-id"]).toBe("my-id");
});

test("a session keeps its temporary tables, and nobody else sees them", async () => {
  const session = db.open({ session_id: "s1" });
  await session.command({ query: "create temporary table passing (a UInt8)" });
  await session.insert({ table: "passing", values: [{ a: 9 }], format: "JSONEachRow" });
  const result = await session.query({ query: "select a from passing", format: "JSONEachRow" });
  expect(await result.json()).toEqual([{ a: 9 }]);
  await expect(db.rows("select a from passing")).rejects.toMatchObject({ code: "60" });
  await session.close();
});

test("a session that is in use is locked for a second query", async () => {
  const session = db.open({ session_id: "s2" });
  const both = await Promise.allSettled(
    [1, 2].map((n) => session.query({ query: `select ${n}, sleep(0.3)`, format: "JSONEachRow" }).then((r) => r.json())),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "373" } });
  await session.close();
});
