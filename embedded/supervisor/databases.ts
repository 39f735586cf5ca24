import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { ensureDatabase } from "@/embedded/postgres";
import { ROOT, TYPESCRIPT } from "./definitions";
import { adminUrl, applicationUrl, baseEnvironment, type Installation } from "./environment";
import { runScript } from "./run-script";

const MIGRATIONS = path.join(ROOT, "prisma/migrations");

/** Whether exactly the migrations of this version are applied: then the engine, a second of work, need not be asked. */
async function isMigrated(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>("select to_regclass('_prisma_migrations') is not null found");
  if (!rows[0]?.found) return false;
  const applied = await client.query<{ name: string; checksum: string; done: boolean }>(
    `select migration_name "name", checksum, finished_at is not null and rolled_back_at is null done from _prisma_migrations`,
  );
  const wanted = readdirSync(MIGRATIONS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const same = ({ name, checksum, done }: { name: string; checksum: string; done: boolean }) => {
    const file = path.join(MIGRATIONS, name, "migration.sql");
    return done && existsSync(file) && createHash("sha256").update(readFileSync(file)).digest("hex") === checksum;
  };
  return applied.rows.length === wanted.length && applied.rows.every(same);
}

async function setPasswords(client: pg.Client, { secrets }: Installation): Promise<void> {
  const passwords = { proviso_app: secrets.applicationPassword, proviso_migrator: secrets.migratorPassword };
  for (const [role, password] of Object.entries(passwords)) {
    await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
  }
}

/**
 * Migrations run as the administrator (the first one makes the roles); then both roles get this installation's passwords.
 * Returns how many were applied.
 */
export async function migratePostgres(of: Installation): Promise<number> {
  const url = adminUrl(of);
  await ensureDatabase(url, new URL(url).pathname.slice(1));
  const client = new pg.Client(url);
  await client.connect();
  try {
    const applied = (await isMigrated(client)) ? 0 : await deploy(url);
    await setPasswords(client, of);
    return applied;
  } finally {
    await client.end();
  }
}

async function deploy(url: string): Promise<number> {
  let applied = 0;
  await runScript({
    what: "the migration of PostgreSQL",
    args: ["--import", "tsx", "prisma/migrate.ts", "deploy"],
    env: { ...baseEnvironment(), DATABASE_URL: url },
    onLine: (line) => {
      applied = Number(/^(\d+) migrations applied/.exec(line)?.[1] ?? applied);
    },
  });
  return applied;
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
