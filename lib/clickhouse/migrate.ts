// Applies the ClickHouse migrations: node --conditions=react-server --import tsx lib/clickhouse/migrate.ts   (CLICKHOUSE_URL)
import { migrateClickHouse } from "@/lib/clickhouse/apply-migrations";

const names = await migrateClickHouse();
console.log(`${names.length} ClickHouse migrations applied`, ...names);
