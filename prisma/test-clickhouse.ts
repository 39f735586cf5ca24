import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inject } from "vitest";
import { startClickHouse } from "@/embedded/clickhouse/launcher";
import { migrateClickHouse } from "@/lib/clickhouse/apply-migrations";
import { closeClickHouse, execute } from "@/lib/clickhouse/client";

export type TestClickHouse = { readonly url: string; stop(): Promise<void> };

/**
 * A fresh, migrated database; `CLICKHOUSE_URL` becomes its address. Call before anything reads `env()`.
 * It is in the run's engine, and `stop` drops it; with `own` it is in an engine of its own, and `stop` stops that.
 */
export async function testClickHouse({ own = false } = {}): Promise<TestClickHouse> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const engine = own ? await ownEngine() : { url: inject("clickhouseUrl"), stop: undefined };
  const url = engine.url.replace(/\/default$/, `/${name}`);
  process.env.CLICKHOUSE_URL = url;
  process.env.DATABASE_URL ??= "postgresql://nobody@127.0.0.1:1/none";
  await migrateClickHouse();
  return {
    url,
    stop: async () => {
      if (!own) await execute(`DROP DATABASE ${name} SYNC`);
      await closeClickHouse();
      await engine.stop?.();
    },
  };
}

async function ownEngine() {
  const dir = mkdtempSync(path.join(tmpdir(), "proviso-ch-"));
  const { url, stop } = await startClickHouse({ dir: path.join(dir, "data") });
  return {
    url,
    stop: async () => {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
