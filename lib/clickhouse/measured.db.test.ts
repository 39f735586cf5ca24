import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { insertReadings, sparkReadings } from "@/lib/clickhouse/clause-readings";
import { execute, insertRows, queryRows } from "@/lib/clickhouse/client";
import { eventClocks, freshnessWindows, qualityDays, qualityWindows } from "@/lib/clickhouse/event-windows";
import { type IncomingLabel, insertLabels, labelsWaiting, settleLabels } from "@/lib/clickhouse/ground-truth";
import { failedProbes, insertProbeResults, lastProbes } from "@/lib/clickhouse/probe-results";
import { changedDays, refreshQualityDay } from "@/lib/clickhouse/quality-refresh";
import { serviceSeries, serviceWindows } from "@/lib/clickhouse/service-windows";
import { REQUEST_COLUMNS, ROW_COLUMNS } from "@/lib/inference/events";
import { latencyOf } from "@/lib/monitoring/service";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";

vi.setConfig({ testTimeout: 60_000 });
let store: TestClickHouse;
beforeAll(async () => {
  store = await testClickHouse({ own: true });
}, 60_000);
afterAll(() => store.stop());

const HOUR = 3_600_000;
const DAY = 86_400_000;
// Within the tables' time to live, which counts from the receive time.
const received = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;

type Request = {
  endpoint?: string;
  source?: string;
  at?: number;
  id: string;
  us?: number;
  rows?: number;
  outcome?: string;
  reason?: string;
};

function requestRow(r: Request): unknown[] {
  const {
    endpoint = "e1",
    source = "live",
    at = received,
    id,
    us = 4000,
    rows = 1,
    outcome = "model",
    reason = "",
  } = r;
  return [endpoint, `${endpoint}-r1`, source, at, "client@example.com", id, us, rows, outcome, reason];
}
const sendRequests = (requests: readonly Request[], token: string) =>
  insertRows("inference_requests", REQUEST_COLUMNS, requests.map(requestRow), token);

type Row = {
  endpoint: string;
  id: string;
  row?: number;
  event: number;
  at?: number;
  score: number;
  source?: string;
  timed?: boolean;
  clamped?: boolean;
  age?: number;
};

function scoredRow(r: Row): unknown[] {
  const {
    endpoint,
    id,
    row = 0,
    event,
    at = received,
    score,
    source = "live",
    timed = true,
    clamped = false,
    age = 60,
  } = r;
  return [
    ...[endpoint, `${endpoint}-r1`, source, "client@example.com", id, row, event, at, timed, clamped],
    ...[[1, 2], ["a"], [age], score, score >= 0.5 ? 1 : 0, 0, [], []],
  ];
}
const sendRows = (rows: readonly Row[], token: string) =>
  insertRows("inference_rows", ROW_COLUMNS, rows.map(scoredRow), token);

const label = (endpoint: string, id: string, value: number, more: Partial<IncomingLabel> = {}): IncomingLabel => ({
  ...{
    endpoint,
    client: "client@example.com",
    requestId: id,
    row: 0,
    observedAt: received,
    value,
    withdrawn: false,
    id: "",
  },
  ...more,
});

async function refreshAll() {
  for (const { endpoint, day } of await changedDays(1000)) await refreshQualityDay(endpoint, day);
}
const whole = { from: received, to: received + HOUR, minRows: 1, maxRows: 65_535 };
const countOf = async (sql: string) => (await queryRows(sql, {}, z.object({ n: z.coerce.number() })))[0]?.n;

describe("service", () => {
  const requests = Array.from({ length: 2000 }, (_, i) => ({
    id: `r${i}`,
    at: received + i * 1000,
    us: 1000 + ((i * 7919) % 20_000),
    rows: i % 4 === 0 ? 64 : 1,
  }));

  test("the same batch sent twice changes no table, and the hour is the sum of its minutes", async () => {
    await sendRequests(requests, "batch-1");
    await sendRequests(requests, "batch-1");
    expect(await countOf("SELECT count() AS n FROM inference_requests WHERE endpoint = 'e1'")).toBe(2000);
    const [before] = await serviceWindows("minute", [{ endpoint: "e1", ...whole }]);
    expect(before?.n).toBe(2000);
    expect(before?.rows).toBe(500 * 64 + 1500);
    const [hour] = await serviceWindows("hour", [{ endpoint: "e1", ...whole }]);
    expect({ ...hour, peakPerSecond: 0 }).toEqual({ ...before, peakPerSecond: 0 });
  });

  test("a percentile from the rollup names the bucket of the exact one, for the population asked for", async () => {
    for (const [minRows, maxRows] of [
      [1, 1],
      [2, 64],
    ] as const) {
      const [sums] = await serviceWindows("minute", [{ endpoint: "e1", ...whole, minRows, maxRows }]);
      const exact = requests
        .filter((r) => r.rows >= minRows && r.rows <= maxRows)
        .map((r) => r.us)
        .sort((a, b) => a - b);
      for (const p of [0.5, 0.95, 0.99]) {
        const found = sums && latencyOf(sums, p);
        const ms = (exact[Math.ceil(exact.length * p) - 1] ?? 0) / 1000;
        expect(found?.n).toBe(exact.length);
        expect(Math.abs((found?.value ?? 0) / ms - 1)).toBeLessThan(0.022);
        expect(found?.low).toBeLessThanOrEqual(ms);
        expect(found?.high ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(ms);
      }
    }
  });

  test("probes and imported requests change no live number", async () => {
    const ask = [{ endpoint: "e1", ...whole }];
    const before = await serviceWindows("minute", ask);
    const other = (source: string, n: number) =>
      Array.from({ length: n }, (_, i) => ({ id: `${source}${i}`, source, outcome: "error", us: 900_000 }));
    await sendRequests([...other("probe", 30), ...other("imported", 40)], "batch-2");
    expect(await serviceWindows("minute", ask)).toEqual(before);
  });

  test("one query answers for every window of every endpoint, in the order asked", async () => {
    const more = [
      { id: "a", endpoint: "e2", outcome: "rejected", reason: "ceiling" },
      { id: "b", endpoint: "e2", outcome: "rejected", reason: "token" },
      { id: "c", endpoint: "e2", outcome: "rejected", reason: "queue" },
      { id: "d", endpoint: "e2", outcome: "timeout", us: 99_000 },
    ];
    await sendRequests(more, "batch-3");
    const answers = await serviceWindows("minute", [
      { endpoint: "e2", ...whole },
      { endpoint: "none", ...whole },
      { endpoint: "e1", ...whole, from: received, to: received + 600_000 },
    ]);
    expect(answers[0]).toMatchObject({
      n: 4,
      good: 0,
      rejected: 3,
      limited: 1,
      invalid: 1,
      timedOut: 1,
      latency: { count: [1] },
    });
    expect(answers[1]).toBeUndefined();
    expect(answers[2]?.n).toBe(600);
  });

  test("the buckets of a chart add up to the tile, and a silent bucket is absent", async () => {
    const series = await serviceSeries("minute", { endpoint: "e1", ...whole }, 300);
    expect(series.reduce((sum, slice) => sum + slice.n, 0)).toBe(2000);
    expect(series.map((slice) => slice.at)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => received + i * 300_000));
  });
});

describe("quality by event time", () => {
  const day1 = Date.parse("2001-05-01T00:00:00Z");
  const rows = Array.from({ length: 400 }, (_, i) => ({
    endpoint: "q1",
    id: `q${i}`,
    event: day1 + i * 60_000,
    score: (i % 100) / 100 + 0.005,
  }));
  const truth = (i: number) => Number((i * 37) % 100 < i % 100);
  const labels = rows.map((row, i) => label("q1", row.id, truth(i)));
  const ask = [{ endpoint: "q1", from: day1, to: day1 + DAY }];

  test("labels that come before their rows wait, and are joined when the rows arrive", async () => {
    await insertLabels(labels.slice(0, 200), received + 1000, "ci@example.com");
    expect(await settleLabels(1000)).toBe(0);
    expect((await labelsWaiting()).get("q1")).toBe(200);
    await sendRows(rows, "rows-1");
    await sendRows(rows, "rows-1");
    expect(await settleLabels(150)).toBe(150);
    expect(await settleLabels(150)).toBe(50);
    expect((await labelsWaiting()).get("q1")).toBeUndefined();
    await refreshAll();
    expect((await qualityWindows(ask))[0]).toMatchObject({ scored: 400, labelled: 200 });
  });

  test("late labels restate their day", async () => {
    await insertLabels(labels.slice(200), received + 2000, "ci@example.com");
    await settleLabels(1000);
    expect((await changedDays(1000)).map(({ endpoint, day }) => `${endpoint} ${day}`)).toContain("q1 2001-05-01");
    await refreshAll();
    const [after] = await qualityWindows(ask);
    expect(after).toMatchObject({ scored: 400, labelled: 400 });
    const positive = after?.groups.reduce((sum, group) => sum + group.positive, 0);
    expect(positive).toBe(rows.filter((_, i) => truth(i) === 1).length);
    const right = rows.filter((row, i) => Number(row.score >= 0.5) === truth(i)).length;
    expect((after?.tp ?? 0) + (after?.tn ?? 0)).toBe(right);
  });

  test("a label sent twice changes nothing and keeps its first receive time", async () => {
    const before = await qualityWindows(ask);
    await insertLabels(labels, received + 9000, "ci@example.com");
    expect(await settleLabels(1000)).toBe(0);
    await refreshAll();
    expect(await qualityWindows(ask)).toEqual(before);
    const first =
      "SELECT countIf(received_at > fromUnixTimestamp64Milli(toInt64({x:Int64}))) AS n FROM ground_truth FINAL WHERE endpoint = 'q1'";
    expect((await queryRows(first, { x: received + 2500 }, z.object({ n: z.coerce.number() })))[0]?.n).toBe(0);
  });

  test("a later observation wins over an earlier one, a withdrawal takes the label back", async () => {
    const flipped = label("q1", "q0", 1 - truth(0), { observedAt: received + 60_000 });
    const gone = label("q1", "q1", truth(1), { observedAt: received + 60_000, withdrawn: true });
    await insertLabels([flipped, gone], received + 3000, "ci@example.com");
    await settleLabels(10);
    await refreshAll();
    const [after] = await qualityWindows(ask);
    expect(after?.labelled).toBe(399);
    const first = after?.groups[0];
    expect(first?.positive).toBe(1 - truth(0) + [100, 200, 300].filter((i) => truth(i) === 1).length);
  });

  test("a request that was repeated under its id counts once, as received last", async () => {
    await sendRows(
      [{ ...rows[5], endpoint: "q1", id: "q5", event: day1 + 300_000, score: 0.999, at: received + 5000 }],
      "rows-2",
    );
    await refreshAll();
    const [after] = await qualityWindows(ask);
    expect(after?.scored).toBe(400);
    expect(after?.groups.at(-1)).toMatchObject({
      positive: truth(5),
      negative: 1 - truth(5),
      scoreSum: expect.closeTo(0.999),
    });
  });

  test("probe and imported rows reach no live number, and rows without a time no event window", async () => {
    const before = await qualityWindows(ask);
    const [fresh] = await freshnessWindows(ask);
    await sendRows(
      [
        { endpoint: "q1", id: "p", event: day1, score: 0.9, source: "probe", age: 9e6 },
        { endpoint: "q1", id: "i", event: day1, score: 0.9, source: "imported", age: 9e6 },
        { endpoint: "q1", id: "t", event: received, score: 0.9, timed: false, age: 9e6 },
      ],
      "rows-3",
    );
    await refreshAll();
    expect(await qualityWindows(ask)).toEqual(before);
    expect((await freshnessWindows(ask))[0]).toEqual(fresh);
  });

  test("the watermark is the latest accepted event time; clamped rows and rows without one are counted", async () => {
    await sendRows([{ endpoint: "q1", id: "c", event: day1 + DAY, score: 0.2, clamped: true }], "rows-4");
    expect((await eventClocks()).get("q1")).toMatchObject({ watermark: day1 + DAY, clamped: 1, withoutTime: 1 });
    expect((await eventClocks()).get("e1")).toBeUndefined();
  });

  test("days come oldest first, the newest so many", async () => {
    await refreshAll();
    expect((await qualityDays("q1", 60)).map(({ day }) => day)).toEqual(["2001-05-01", "2001-05-02"]);
    expect((await qualityDays("q1", 1)).map(({ day }) => day)).toEqual(["2001-05-02"]);
  });

  test("a key made by the store for a label is the key of the row it names", async () => {
    const sql = `SELECT count() AS n FROM inference_rows WHERE row_key = sipHash64(endpoint, client, request_id, toUInt16(row))`;
    expect(await countOf(sql)).toBe(await countOf("SELECT count() AS n FROM inference_rows"));
  });
});

test("the probe's view: how often it failed, when it last was answered, and why not since", async () => {
  const probe = (second: number, ok: boolean) => ({
    ...{ endpoint: "e1", at: received + second * 1000, ok, status: ok ? 200 : 0, latencyUs: 900 },
    reason: ok ? "" : "connection refused",
  });
  await insertProbeResults([probe(0, true), probe(5, true), probe(10, false)]);
  expect(await lastProbes(received, received + HOUR)).toEqual(
    new Map([
      [
        "e1",
        { endpoint: "e1", lastAt: received + 10_000, lastOkAt: received + 5000, lastReason: "connection refused" },
      ],
    ]),
  );
  const window = { from: received, to: received + HOUR };
  expect(
    await failedProbes([
      { endpoint: "x", ...window },
      { endpoint: "e1", ...window },
    ]),
  ).toEqual([0, 1]);
});

test("readings come back as points of a line, with gaps where nothing was measured", async () => {
  const reading = (minute: number, value: number | null) => ({
    ...{
      endpoint: "e1",
      contract: "c",
      clause: "latency_p95",
      evaluatedAt: received + minute * 60_000,
      asOf: received,
    },
    ...{
      value,
      low: value,
      high: null,
      n: 10,
      windowFrom: null,
      windowTo: received,
      state: value === null ? "unproven" : "met",
      reason: "r",
    },
  });
  await insertReadings([reading(0, 1), reading(1, 2), reading(30, null)]);
  const points = await sparkReadings("e1", received, received + HOUR, 12);
  expect(points.map(({ value, state }) => [value, state])).toEqual([
    [2, "met"],
    [null, "unproven"],
  ]);
});

test("two thousand windows fit in one query; a store that stopped is unavailable, not a fault", async () => {
  const asks = Array.from({ length: 2000 }, (_, i) => ({ endpoint: `endpoint-number-${i}`, ...whole }));
  expect(await serviceWindows("minute", asks)).toHaveLength(2000);
  await store.stop();
  await expect(execute("SELECT 1")).rejects.toMatchObject({ code: "unavailable" });
});
