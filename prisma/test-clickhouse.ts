import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startClickHouse } from "@/embedded/clickhouse/launcher";
import { closeClickHouse } from "@/lib/clickhouse/client";
import { migrateClickHouse } from "@/lib/clickhouse/migrations";

export type TestClickHouse = { readonly url: string; stop(): Promise<void> };

/** The real engine on an empty directory, migrated; `CLICKHOUSE_URL` becomes a fresh database of it. Call before anything reads `env()`. */
export async function testClickHouse(): Promise<TestClickHouse> {
  const server = await startClickHouse({ dir: path.join(mkdtempSync(path.join(tmpdir(), "proviso-ch-")), "data") });
  const url = server.url.replace(/\/default$/, `/test_${randomUUID().replaceAll("-", "")}`);
  process.env.CLICKHOUSE_URL = url;
  process.env.DATABASE_URL ??= "postgresql://nobody@127.0.0.1:1/none";
  await migrateClickHouse();
  return {
    url,
    stop: async () => {
      await closeClickHouse();
      await server.stop();
    },
  };
}
