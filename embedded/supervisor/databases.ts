import { existsSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { ensureDatabase } from "@/embedded/postgres";
import { ROOT, TYPESCRIPT } from "./definitions";
import { adminUrl, applicationUrl, baseEnvironment, type Installation } from "./environment";
import { runScript } from "./run-script";

/** Migrations run as the administrator (the first one makes the roles); then both roles get this installation's passwords. */
export async function migratePostgres(of: Installation): Promise<string> {
  const url = adminUrl(of);
  await ensureDatabase(url, new URL(url).pathname.slice(1));
  let outcome = "";
  await runScript({
    what: "the migration of PostgreSQL",
    args: ["--import", "tsx", "prisma/migrate.ts", "deploy"],
    env: { ...baseEnvironment(), DATABASE_URL: url },
    onLine: (line) => {
      outcome = line;
    },
  });
  const client = new pg.Client(url);
  await client.connect();
  try {
    const passwords = { proviso_app: of.secrets.applicationPassword, proviso_migrator: of.secrets.migratorPassword };
    for (const [role, password] of Object.entries(passwords)) {
      await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
    }
  } finally {
    await client.end();
  }
  return outcome.split(" migrations")[0] ?? "";
}

/** Creates the analytics database and its tables, where there is an engine. */
export async function migrateClickHouse(of: Installation): Promise<void> {
  const script = "lib/clickhouse/migrate.ts";
  if (of.clickHouseUrl === undefined || !existsSync(path.join(ROOT, script))) return;
  await runScript({
    what: "the migration of ClickHouse",
    args: [...TYPESCRIPT, script],
    env: { ...baseEnvironment(), DATABASE_URL: applicationUrl(of), CLICKHOUSE_URL: of.clickHouseUrl },
  });
}
