import { afterAll, beforeAll, expect, test } from "vitest";
import { burnWindows, revisionWindows } from "@/lib/clickhouse/burn-windows";
import { insertRows } from "@/lib/clickhouse/client";
import { serviceWindows } from "@/lib/clickhouse/service-windows";
import { REQUEST_COLUMNS } from "@/lib/inference/events";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/time";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";

const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
let store: TestClickHouse;

/** Of twelve requests: one of 64 rows, one that failed, one answered by the fallback, one beyond the ceiling, and a probe. */
const SPECIAL: Readonly<Record<number, Partial<Record<"rows" | "outcome" | "reason" | "source", string | number>>>> = {
  0: { rows: 64 },
  1: { outcome: "error" },
  2: { outcome: "fallback" },
  3: { outcome: "rejected", reason: "ceiling" },
  11: { source: "probe" },
};

function request(endpoint: string, minutes: number, i: number): unknown[] {
  const { rows = 1, outcome = "model", reason = "", source = "live" } = SPECIAL[i] ?? {};
  const at = now - minutes * MINUTE_MS + i * 1000;
  const revision = `${endpoint}-r${Math.floor(i / 6) + 1}`;
  return [endpoint, revision, source, at, "c", `${minutes}-${i}`, 1000 * (i + 1), rows, outcome, reason];
}

beforeAll(async () => {
  store = await testClickHouse();
  const minutes = [3, 8, 45, 90, 300, 3000];
  const twelve = Array.from({ length: 12 }, (_, i) => i);
  const rows = ["a", "b"].flatMap((endpoint) => minutes.flatMap((m) => twelve.map((i) => request(endpoint, m, i))));
  await insertRows("inference_requests", REQUEST_COLUMNS, rows);
});
afterAll(() => store.stop());

const ask = (endpoint: string, length: number, grain: "minute" | "hour") => ({
  ...{ endpoint, from: now - length, to: now, grain, minRows: 1, maxRows: 1 },
});

test("every window of every endpoint comes from one query, live requests only, and says what the tiles say", async () => {
  const lengths = [5 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS];
  const asks = ["a", "b"].flatMap((endpoint) => [
    ...lengths.map((length) => ask(endpoint, length, "minute")),
    ask(endpoint, DAY_MS, "hour"),
    ask(endpoint, 3 * DAY_MS, "hour"),
  ]);
  const found = await burnWindows(asks);
  expect(found.map(({ n }) => n)).toEqual([11, 22, 33, 44, 55, 55, 66, 11, 22, 33, 44, 55, 55, 66]);
  const tiles = await serviceWindows("minute", [ask("a", HOUR_MS, "minute")]);
  const { n, good, fellBack, limited, invalid, latency } = tiles[0] ?? {};
  expect(found[2]).toEqual({ n, good, fellBack, limited, invalid, latency });
  // Of 12: one is a probe, one too large, one failed and one was refused.
  expect(found[0]?.latency.count.reduce((sum, k) => sum + k, 0)).toBe(8);
});

test("a window without traffic is zeros, not an absence", async () => {
  expect(await burnWindows([ask("nobody", HOUR_MS, "minute")])).toMatchObject([{ n: 0, latency: { bucket: [] } }]);
  expect(await burnWindows([])).toEqual([]);
});

test("a window is split by revision", async () => {
  const split = await revisionWindows(ask("a", 5 * MINUTE_MS, "minute"));
  expect(split).toMatchObject([
    { revision: "a-r1", n: 6, good: 4, fellBack: 1, limited: 1 },
    { revision: "a-r2", n: 5, good: 5, fellBack: 0, limited: 0 },
  ]);
});
