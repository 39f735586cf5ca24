// Inserts in every way that the client knows. chDB's own raw insert ends the data at a blank line and runs the rest as SQL.
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bytes, freshDatabase } from "./test-client";

let db: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  db = await freshDatabase();
  await db.client.command({
    query: "create table t (a UInt32, s String, d DateTime64(3) default now64(3)) engine = MergeTree order by a",
  });
});
afterAll(() => db.close());

const text = (...lines: string[]) => Readable.from(lines, { objectMode: false });

/** `exec` sends any stream of bytes; its type wants an object stream's sibling. */
async function exec(query: string, body: Buffer): Promise<void> {
  const result = await db.client.exec({ query, values: Readable.from([body], { objectMode: false }) });
  await bytes(result.stream);
}

test("objects arrive, and the summary counts them", async () => {
  const values = [
    { a: 1, s: "x" },
    { a: 2, s: "y;'\n" },
  ];
  const result = await db.client.insert({ table: "t", values, format: "JSONEachRow" });
  expect(result.executed).toBe(true);
  expect(result.summary?.written_rows).toBe("2");
  expect(await db.rows("select a, s from t order by a")).toEqual(values);
});

test("an empty list inserts nothing", async () => {
  expect(await db.gained("t", () => db.client.insert({ table: "t", values: [], format: "JSONEachRow" }))).toBe(0);
});

test("rows as lists, with columns named", async () => {
  const insert = () =>
    db.client.insert({
      table: "t",
      columns: ["a", "s"],
      values: [
        [3, "z"],
        [4, "w"],
      ],
      format: "JSONCompactEachRow",
    });
  expect(await db.gained("t", insert)).toBe(2);
});

test("a body of more than 8 MB goes through a file, and every row arrives", async () => {
  const rows = function* () {
    for (let a = 0; a < 400_000; a += 1) yield { a, s: `row number ${a}` };
  };
  const insert = () => db.client.insert({ table: "t", values: Readable.from(rows()), format: "JSONEachRow" });
  expect(await db.gained("t", insert)).toBe(400_000);
}, 30_000);

test("a stream of lists", async () => {
  const rows = function* () {
    for (let a = 0; a < 1000; a += 1) yield [a, `r${a}`];
  };
  const values = Readable.from(rows());
  const insert = () => db.client.insert({ table: "t", columns: ["a", "s"], values, format: "JSONCompactEachRow" });
  expect(await db.gained("t", insert)).toBe(1000);
});

test("CSV, with line breaks and semicolons in quotes", async () => {
  const values = text('1,"a\nb"\n', '2,"c;d"\n');
  const insert = () => db.client.insert({ table: "t", columns: ["a", "s"], values, format: "CSV" });
  expect(await db.gained("t", insert)).toBe(2);
});

test("CSV with a line of names", async () => {
  const values = text('a,s\n1,"a"\n');
  expect(await db.gained("t", () => db.client.insert({ table: "t", values, format: "CSVWithNames" }))).toBe(1);
});

test("a blank line in a body is data, never SQL", async () => {
  await db.client.command({ query: "create table victim (n UInt64) engine = MergeTree order by n" });
  await db.client.command({ query: "create table tsv (a String, b String) engine = MergeTree order by a" });
  const attack = Buffer.from("1\ta\n\nDROP TABLE victim");
  await expect(exec("insert into tsv format TSV", attack)).rejects.toThrow();
  await exec(
    "insert into t (a, s) format JSONEachRow",
    Buffer.from('{"a":1,"s":"x"}\n\n{"a":2,"s":"DROP TABLE victim"}'),
  );
  expect(
    await db.rows("select name from system.tables where name = 'victim' and database = currentDatabase()"),
  ).toEqual([{ name: "victim" }]);
});

test("inline values with blank lines need a format, and run nothing", async () => {
  const sent = exec("insert into t (a, s) values", Buffer.from("(1, 'x')\n\nDROP TABLE t"));
  await expect(sent).rejects.toMatchObject({ code: "62" });
  expect(await db.count("t")).toBeGreaterThan(0);
});

test("binary rows that contain line feeds keep all of them", async () => {
  await db.client.command({ query: "create table rb (n UInt32) engine = MergeTree order by n" });
  const body = Buffer.alloc(4 * 20_000);
  for (let n = 0; n < 20_000; n += 1) body.writeUInt32LE(n, 4 * n);
  await exec("insert into rb format RowBinary", body);
  expect(await db.rows("select toUInt32(count()) c, toUInt32(max(n)) m from rb")).toEqual([{ c: 20_000, m: 19_999 }]);
});

test("gzip both ways", async () => {
  const zipped = db.open({ compression: { request: true, response: true } });
  const values = Array.from({ length: 5000 }, (_, a) => ({ a, s: "gz" }));
  expect(await db.gained("t", () => zipped.insert({ table: "t", values, format: "JSONEachRow" }))).toBe(5000);
  const result = await zipped.query({ query: "select number from numbers(100000)", format: "JSONEachRow" });
  expect(result.response_headers["content-encoding"]).toBe("gzip");
  expect(await result.json()).toHaveLength(100_000);
  await zipped.close();
});

test("an insert as a raw statement with a stream", async () => {
  expect(await db.gained("t", () => exec("insert into t (a, s) format CSV", Buffer.from("7,q\n")))).toBe(1);
});

test("insert from a select", async () => {
  const query = "insert into t select number, 'z', now64() from numbers(10)";
  expect(await db.gained("t", () => db.client.command({ query }))).toBe(10);
});

test("insert with values in the statement", async () => {
  const query = "insert into t (a, s) values (1, 'a;b'), (2, 'c')";
  expect(await db.gained("t", () => db.client.command({ query }))).toBe(2);
});

test("an asynchronous insert that is waited for is there", async () => {
  const clickhouse_settings = { async_insert: 1, wait_for_async_insert: 1 } as const;
  const values = [{ a: 1, s: "async" }];
  const insert = () => db.client.insert({ table: "t", values, format: "JSONEachRow", clickhouse_settings });
  expect(await db.gained("t", insert)).toBe(1);
});

test("ten inserts at once all arrive", async () => {
  const values = Array.from({ length: 5000 }, (_, a) => ({ a, s: "parallel" }));
  const insert = () => db.client.insert({ table: "t", values, format: "JSONEachRow" });
  expect(await db.gained("t", () => Promise.all(Array.from({ length: 10 }, insert)))).toBe(50_000);
});

test("a row of the wrong type is refused whole, with ClickHouse's error", async () => {
  const bad = () => db.client.insert({ table: "t", values: [{ a: 5, s: "x" }, { a: "zz" }], format: "JSONEachRow" });
  expect(await db.gained("t", () => expect(bad()).rejects.toThrow(/Cannot|parse/i))).toBe(0);
});

test("an unknown table has code 60", async () => {
  const bad = db.client.insert({ table: "nope", values: [{ a: 1 }], format: "JSONEachRow" });
  await expect(bad).rejects.toMatchObject({ code: "60", type: "UNKNOWN_TABLE" });
});
