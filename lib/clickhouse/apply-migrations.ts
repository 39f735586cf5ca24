import "server-only";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { withServer } from "@/lib/clickhouse/client";

const DIR = path.join(import.meta.dirname, "migrations");
const FILE = /^\d{4}_[a-z0-9_]+\.sql$/;
/** Every statement must be harmless when it runs again: two migrators at once, or one that was killed before it took note. */
const REPEATABLE =
  /^(CREATE (TABLE|MATERIALIZED VIEW|VIEW) IF NOT EXISTS|ALTER TABLE \S+ ((ADD|DROP) COLUMN IF|MODIFY COLUMN)|DROP (TABLE|VIEW) IF EXISTS)\b/;

export type Migration = { readonly name: string; readonly sha256: string; readonly statements: readonly string[] };

/** The numbered files in order. Throws for a file that is misnamed or holds a statement that cannot safely run twice. */
export function migrations(dir = DIR): Migration[] {
  return readdirSync(dir)
    .sort()
    .map((name) => {
      if (!FILE.test(name)) throw new Error(`${name}: a migration is called NNNN_name.sql`);
      const text = readFileSync(path.join(dir, name), "utf8");
      const statements = splitStatements(text);
      const bad = statements.find((statement) => !REPEATABLE.test(statement));
      if (bad) throw new Error(`${name}: "${bad.slice(0, 60)}…" cannot run twice; write IF NOT EXISTS or IF EXISTS`);
      return { name, sha256: createHash("sha256").update(text).digest("hex"), statements };
    });
}

/** Statements of a file: each ends with `;` at the end of a line; lines that start with `--` are comments. */
export function splitStatements(text: string): string[] {
  const code = text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("--"))
    .join("\n");
  return code
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

/**
 * Creates the database of `CLICKHOUSE_URL` and applies what it lacks; returns the names applied.
 * Throws when an applied file has changed since, or `unavailable` when the server does not answer.
 */
export function migrateClickHouse(): Promise<string[]> {
  return withServer(async ({ command, inDatabase, database }) => {
    await command(`CREATE DATABASE IF NOT EXISTS \`${database.replace(/[\\`]/g, "\\$&")}\` ENGINE = Atomic`);
    // In the database itself: names inside views resolve when the view is made.
    await inDatabase.command({
      query: `CREATE TABLE IF NOT EXISTS schema_migration (name String, sha256 String, applied_at DateTime('UTC') DEFAULT now())
        ENGINE = ReplacingMergeTree ORDER BY name`,
    });
    const done = await inDatabase.query({
      query: "SELECT name, sha256 FROM schema_migration FINAL",
      format: "JSONEachRow",
    });
    const applied = new Map((await done.json<{ name: string; sha256: string }>()).map((row) => [row.name, row.sha256]));
    const names: string[] = [];
    for (const { name, sha256, statements } of migrations()) {
      const before = applied.get(name);
      if (before === sha256) continue;
      if (before) throw new Error(`${name} was applied and has changed since: add a new migration instead.`);
      for (const query of statements) await inDatabase.command({ query });
      await inDatabase.insert({ table: "schema_migration", values: [{ name, sha256 }], format: "JSONEachRow" });
      names.push(name);
    }
    return names;
  });
}
