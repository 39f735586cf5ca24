import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { migrations, splitStatements } from "@/lib/clickhouse/apply-migrations";
import { splitUrl } from "@/lib/clickhouse/client";

test("a file is split at semicolons that end a line, and comments hold none", () => {
  const text =
    "-- one; two;\nCREATE TABLE a (x String DEFAULT ';') ENGINE = Log;\n\n  -- last\nDROP TABLE IF EXISTS b;\n";
  expect(splitStatements(text)).toEqual([
    "CREATE TABLE a (x String DEFAULT ';') ENGINE = Log",
    "DROP TABLE IF EXISTS b",
  ]);
});

test("the files are numbered without gaps and every statement can run twice", () => {
  const found = migrations();
  expect(found.map(({ name }) => Number(name.slice(0, 4)))).toEqual(found.map((_, index) => index + 1));
  expect(found.every(({ statements }) => statements.length > 0)).toBe(true);
});

test("a statement that fails the second time is refused by name", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "migrations-"));
  writeFileSync(path.join(dir, "0001_x.sql"), "CREATE TABLE x (a UInt8) ENGINE = Log;\n");
  expect(() => migrations(dir)).toThrow(/0001_x\.sql: "CREATE TABLE x .* cannot run twice/);
});

test.each([
  ["http://default:p@127.0.0.1:8123", "proviso"],
  ["http://127.0.0.1:8123/default", "proviso"],
  ["http://127.0.0.1:8123/measured", "measured"],
])("the database of %s is %s, and the address keeps user and password", (url, database) => {
  const split = splitUrl(url);
  expect(split.database).toBe(database);
  expect(new URL(split.base).pathname).toBe("/");
  expect(new URL(split.base).password).toBe(new URL(url).password);
});
