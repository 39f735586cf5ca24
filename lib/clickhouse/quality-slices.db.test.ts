import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { execute, insertRows } from "@/lib/clickhouse/client";
import { driftDays } from "@/lib/clickhouse/drift-days";
import { qualityWindows } from "@/lib/clickhouse/event-windows";
import { insertLabels, settleLabels } from "@/lib/clickhouse/ground-truth";
import { changedDays, daysWithoutSlice, refreshQualityDay, refreshSliceDay } from "@/lib/clickhouse/quality-refresh";
import { sliceProfile } from "@/lib/clickhouse/slice-profile";
import { BIN, ROW_COLUMNS } from "@/lib/inference/events";
import { qualityEstimate } from "@/lib/monitoring/quality";
import { placeSlice, sliceKey } from "@/lib/monitoring/slices";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";

vi.setConfig({ testTimeout: 60_000 });
let store: TestClickHouse;
beforeAll(async () => {
  store = await testClickHouse();
}, 60_000);
afterAll(() => store.stop());

const DAY = "2001-05-01";
const start = Date.parse(`${DAY}T00:00:00Z`);
const HOUR = 3_600_000;
const received = Math.floor(Date.now() / HOUR) * HOUR - 2 * HOUR;
const E = "sliced";
const whole = { endpoint: E, from: start, to: start + 24 * HOUR };
// Features: hour, distance. Bin of the hour: by thirds of the day; of the distance: missing for every tenth row.
const rows = Array.from({ length: 600 }, (_, i) => ({
  id: `s${i}`,
  event: start + i * 60_000,
  hour: i % 24,
  distance: i % 10 === 0 ? Number.NaN : i,
  score: (((i * 7) % 100) + 0.5) / 100,
}));
const truth = (i: number) => Number((i * 37) % 100 < (i * 7) % 100);
const binOfHour = (hour: number) => Math.floor(hour / 8);

const short = { feature: "distance", to: 300 };
const night = { feature: "hour", values: [0, 1] };
const features = [{ name: "hour" }, { name: "distance" }];

function rowsOf(slice: Parameters<typeof sliceKey>[0], of = features) {
  const place = placeSlice(of, slice);
  if (!place) throw new Error("the slice has no place");
  const { position, ...asked } = place;
  return { slice: sliceKey(slice), revisions: ["r1"], positions: [position], ...asked };
}

const stored = (row: (typeof rows)[number]) => [
  ...[E, "r1", "live", "client@example.com", row.id, 0, row.event, received, true, false],
  ...[[row.hour, Number.isNaN(row.distance) ? "nan" : row.distance], [], [60], row.score, row.score >= 0.5 ? 1 : 0],
  ...[7, [row.score < 0.5 ? 0 : 1, binOfHour(row.hour), Number.isNaN(row.distance) ? BIN.missing : 0], []],
];

beforeAll(async () => {
  await insertRows(
    "inference_rows",
    ROW_COLUMNS,
    rows.map((row) => stored(row)),
    "rows",
  );
  const labels = rows.slice(0, 500).map((row, i) => ({
    ...{ endpoint: E, client: "client@example.com", requestId: row.id, row: 0, withdrawn: false, id: "" },
    observedAt: row.event + (i < 450 ? 2.5 : 30) * HOUR,
    value: truth(i),
  }));
  await insertLabels(labels, received + 1000, "ci@example.com");
  await settleLabels(1000);
  await refreshQualityDay(E, DAY, [rowsOf(short), rowsOf(night)]);
}, 60_000);

test("the quality of a slice is that of its rows alone, beside the whole, in one query; a missing value is in no slice", async () => {
  const [all, shortRows, nightRows, nothing] = await qualityWindows([
    whole,
    { ...whole, slice: sliceKey(short) },
    { ...whole, slice: sliceKey(night) },
    { ...whole, slice: sliceKey({ feature: "hour", values: [5] }) },
  ]);
  const inShort = rows.map((row, i) => ({ ...row, i })).filter(({ distance }) => distance < 300);
  expect(all).toMatchObject({ scored: 600, labelled: 500 });
  expect(shortRows).toMatchObject({ scored: inShort.length, labelled: inShort.length });
  expect(nightRows?.scored).toBe(rows.filter(({ hour }) => hour < 2).length);
  expect(nothing).toBeUndefined();
  const brier = inShort.reduce((sum, { score, i }) => sum + (Math.fround(score) - truth(i)) ** 2, 0) / inShort.length;
  expect(shortRows && qualityEstimate("brier", shortRows)?.value).toBeCloseTo(brier, 9);
  const mae = inShort.reduce((sum, { score, i }) => sum + Math.abs(Math.fround(score) - truth(i)), 0) / inShort.length;
  expect(shortRows && qualityEstimate("mae", shortRows)?.value).toBeCloseTo(mae, 9);
});

test("rows of two revisions that carry the feature at other places are one slice", async () => {
  const swapped = placeSlice([{ name: "distance" }, { name: "hour" }], short)?.position;
  expect(swapped).toBe(1);
  const late = { ...(rows[599] as (typeof rows)[number]), id: "other" };
  const [endpoint, , ...rest] = stored(late);
  rest[8] = [100, 3];
  await insertRows("inference_rows", ROW_COLUMNS, [[endpoint, "r2", ...rest]], "rows-2");
  const both = { ...rowsOf(short), revisions: ["r1", "r2"], positions: [2, 1] };
  const [before] = await qualityWindows([{ ...whole, slice: both.slice }]);
  await refreshSliceDay(E, DAY, both);
  const [after] = await qualityWindows([{ ...whole, slice: both.slice }]);
  expect(after?.scored).toBe((before?.scored ?? 0) + 1);
});

test("the delay of a label runs from the event to its first observation, and rows without a label never got one", async () => {
  const [all] = await qualityWindows([whole]);
  expect(all?.delay).toEqual({ hours: [2, 30], n: [450, 50] });
  expect(all && qualityEstimate("label_coverage", all)?.value).toBeCloseTo(500 / 600, 12);
  expect(all && qualityEstimate("label_delay_p95", all)?.value).toBe(1000 * 3600);
});

test("a slice that a contract names later finds its earlier days", async () => {
  const late = { feature: "distance", from: 300 };
  expect(await daysWithoutSlice(E, sliceKey(late))).toEqual([DAY]);
  await refreshSliceDay(E, DAY, rowsOf(late));
  expect(await daysWithoutSlice(E, sliceKey(late))).toEqual([]);
});

test("by bin of each feature: rows, labels, positives, scores and squared errors of exactly the rows in it", async () => {
  const profile = await sliceProfile(E, [7], whole);
  expect(profile.map(({ feature }) => feature)).toEqual([1, 2]);
  for (const bin of [0, 1, 2]) {
    const inBin = rows.slice(0, 500).flatMap((row, i) => (binOfHour(row.hour) === bin ? [{ ...row, i }] : []));
    expect(profile[0]?.bins.find((each) => each.bin === bin)).toEqual({
      bin,
      n: rows.filter(({ hour }) => binOfHour(hour) === bin).length,
      labelled: inBin.length,
      positive: inBin.filter(({ i }) => truth(i) === 1).length,
      scoreSum: expect.closeTo(
        inBin.reduce((sum, { score }) => sum + score, 0),
        4,
      ),
      errorSquares: expect.closeTo(
        inBin.reduce((sum, { score, i }) => sum + (score - truth(i)) ** 2, 0),
        4,
      ),
    });
  }
  expect(profile[1]?.bins.find(({ bin }) => bin === BIN.missing)?.n).toBe(60);
  expect(await sliceProfile(E, [8], whole)).toEqual([]);
});

test("daily counts hold every column of the rows that carry bins", async () => {
  const days = await driftDays({ ...whole, baselines: [7] });
  expect(days.map(({ feature }) => feature)).toEqual([0, 1, 2]);
  expect(days.map(({ bins }) => [...bins.values()].reduce((a, b) => a + b, 0))).toEqual([601, 601, 601]);
});

test("a day that was computed when less was kept is computed again, and until then what is missing is no number", async () => {
  const old = "2001-04-30";
  const [first] = rows;
  if (!first) throw new Error("no rows");
  await insertRows("inference_rows", ROW_COLUMNS, [stored({ ...first, id: "old", event: start - HOUR })], "rows-3");
  await refreshQualityDay(E, old);
  const due = async () => (await changedDays(100)).map(({ day }) => day);
  // Everything settled long ago, as far as the table of changes says.
  await execute("ALTER TABLE changed_days DELETE WHERE 1 SETTINGS mutations_sync = 1");
  await insertRows("changed_days", ["endpoint", "event_day", "changed_at"], [[E, old, Date.now() - HOUR]]);
  expect(await due()).toEqual([]);
  await execute(
    "ALTER TABLE quality_day UPDATE shape = 0, sum_abs = nan WHERE event_day = '2001-04-30' SETTINGS mutations_sync = 1",
  );
  expect(await due()).toEqual([old]);
  const window = [{ ...whole, from: start - 24 * HOUR }];
  expect((await qualityWindows(window))[0]).toMatchObject({ sumAbs: null, delay: null });
  await refreshQualityDay(E, old);
  expect(await due()).toEqual([]);
  expect((await qualityWindows(window))[0]?.sumAbs).toBeGreaterThan(0);
});
