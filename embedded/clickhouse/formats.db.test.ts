// What the unmodified client may ask of a ClickHouse server: answers in every format, whole or streamed.
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, freshDatabase, raw } from "./test-client";

let db: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.close());

test("ping succeeds, with and without a query", async () => {
  expect(await db.client.ping()).toEqual({ success: true });
  expect(await db.client.ping({ select: true })).toEqual({ success: true });
  expect(await raw("/ping")).toMatchObject({ status: 200, body: "Ok.\n" });
  expect(await raw("/nothing")).toMatchObject({ status: 404 });
});

test.each(["JSON", "JSONCompact", "JSONStrings", "JSONCompactStrings", "JSONColumnsWithMetadata"] as const)(
  "%s answers as one document with data",
  async (format) => {
    const result = await db.client.query({ query: "select number n, toString(n) s from numbers(3)", format });
    const { data, meta } = (await result.json()) as { data: object; meta: unknown[] };
    expect(meta).toHaveLength(2);
    const rows = Array.isArray(data) ? data.length : Object.values(data)[0].length;
    expect(rows).toBe(3);
  },
);

test("JSONObjectEachRow answers as one object", async () => {
  const result = await db.client.query({ query: "select number n from numbers(3)", format: "JSONObjectEachRow" });
  expect(Object.keys(await result.json())).toEqual(["row_1", "row_2", "row_3"]);
});

const MANY = 200_000; // several chunks of the engine

test.each([
  ["JSONEachRow", 0],
  ["JSONStringsEachRow", 0],
  ["JSONCompactEachRow", 0],
  ["JSONCompactStringsEachRow", 0],
  ["JSONCompactEachRowWithNames", 1],
  ["JSONCompactEachRowWithNamesAndTypes", 2],
  ["JSONCompactStringsEachRowWithNames", 1],
  ["JSONCompactStringsEachRowWithNamesAndTypes", 2],
] as const)("%s brings every row once, after %i header lines", async (format, heads) => {
  const result = await db.client.query({ query: `select number n from numbers(${MANY})`, format });
  expect(await result.json()).toHaveLength(MANY + heads);
});

test.each([
  ["CSV", 0],
  ["CSVWithNames", 1],
  ["CSVWithNamesAndTypes", 2],
  ["TabSeparated", 0],
  ["TabSeparatedWithNames", 1],
  ["TabSeparatedRaw", 0],
  ["CustomSeparated", 0],
] as const)("%s brings every line once, after %i header lines", async (format, heads) => {
  const result = await db.client.query({ query: `select number n from numbers(${MANY})`, format });
  expect((await result.text()).trim().split("\n")).toHaveLength(MANY + heads);
});

test("Parquet comes as one whole file, and goes back in", async () => {
  const result = await db.client.exec({ query: `select number n from numbers(${MANY}) format Parquet` });
  const file = await bytes(result.stream);
  expect(file.subarray(0, 4).toString()).toBe("PAR1");
  expect(file.subarray(-4).toString()).toBe("PAR1");
  await db.client.command({ query: "create table pq (n UInt64) engine = MergeTree order by n" });
  await db.client.insert({ table: "pq", values: Readable.from([file], { objectMode: false }), format: "Parquet" });
  expect(await db.rows("select toUInt32(count()) c, toUInt64(sum(n)) = 19999900000 s from pq")).toEqual([
    { c: MANY, s: 1 },
  ]);
});

test("three million rows stream, and the first arrives before the last is made", async () => {
  const result = await db.client.query({
    query: "select number n, toString(number) s from numbers(3000000)",
    format: "JSONEachRow",
  });
  let rows = 0;
  let chunks = 0;
  for await (const chunk of result.stream()) {
    rows += chunk.length;
    chunks += 1;
  }
  expect(rows).toBe(3_000_000);
  expect(chunks).toBeGreaterThan(10);
}, 30_000);

test("a format in the middle of a statement is found by the engine and not streamed in pieces", async () => {
  const result = await db.client.exec({
    query: `select number n from numbers(${MANY}) FORMAT JSON SETTINGS max_threads=1`,
  });
  const document = JSON.parse((await bytes(result.stream)).toString());
  expect(document.data).toHaveLength(MANY);
});

test("without a format an answer is tab separated", async () => {
  const result = await db.client.exec({ query: "select 1, 2" });
  expect((await bytes(result.stream)).toString()).toBe("1\t2\n");
});

test.each([
  "with 1 as a select a",
  "(select 1 a) union all select 2",
  "/* c */ select 1 -- x",
  "show tables",
  "describe table system.one",
  "exists table system.one",
  "explain select 1",
  "show create table shown",
])("rows come from: %s", async (query) => {
  await db.client.command({ query: "create table if not exists shown (a UInt8) engine = MergeTree order by a" });
  expect((await db.rows(query)).length).toBeGreaterThan(0);
});

test("64-bit integers come as asked: quoted or not", async () => {
  const query = "select 18446744073709551615::UInt64 x";
  const quoted = { clickhouse_settings: { output_format_json_quote_64bit_integers: 1 } };
  expect(await db.rows(query, quoted)).toEqual([{ x: "18446744073709551615" }]);
  const plain = { clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } };
  expect(await db.rows("select 42::UInt64 x", plain)).toEqual([{ x: 42 }]);
});
