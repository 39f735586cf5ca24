import { describe, expect, test } from "vitest";
import type { Feature } from "@/lib/contracts/document";
import { DEFAULT_DRIFT_TEST } from "@/lib/contracts/drift-test";
import { BIN, VIOLATION } from "@/lib/inference/events";
import { type DayBins, driftColumns } from "@/lib/monitoring/drift-columns";

const DAY = 86_400_000;
const start = Date.parse("2001-04-01T00:00:00Z");
const dayName = (i: number) => new Date(start + i * DAY).toISOString().slice(0, 10);

const column = (name: string, counts: number[]) => ({
  ...{ name, kind: "values" as const, edges: counts.slice(1).map((_, i) => i), counts: counts.slice(0, -1).concat(0) },
  ...{ missing: 10, unseen: 0 as const, calendar: false, weekly: 0.02, weeks: 8 },
});
const reference = {
  id: 3,
  ids: [3],
  payload: {
    columns: [column("score", [500, 500, 0]), column("route", [800, 200, 0]), column("still", [500, 500, 0])],
    ...{ n: 1000, from: "2001-01-01T00:00:00Z", to: "2001-03-01T00:00:00Z" },
    calibrator: null,
    importance: [
      { feature: "route", value: 0.04 },
      { feature: "still", value: 0.01 },
    ],
  },
};
const features: Feature[] = [
  { name: "route", type: "number" },
  { name: "still", type: "number" },
];

/** 100 rows a day; from day 7 on half of the route's rows move to its second value. */
const days: DayBins[] = Array.from({ length: 21 }, (_, i) => [
  {
    day: dayName(i),
    feature: 0,
    bins: new Map([
      [0, 50],
      [1, 50],
    ]),
  },
  {
    day: dayName(i),
    feature: 1,
    bins: new Map(
      i < 7
        ? [
            [0, 80],
            [1, 20],
          ]
        : [
            [0, 40],
            [1, 55],
            [BIN.missing, 5],
          ],
    ),
  },
  {
    day: dayName(i),
    feature: 2,
    bins: new Map([
      [0, 50],
      [1, 49],
      [BIN.unseen, 1],
    ]),
  },
]).flat();

const facts = {
  ...{ reference, days, features, test: DEFAULT_DRIFT_TEST, predictionLimit: 0.2 },
  range: { from: start + 14 * DAY, to: start + 21 * DAY },
  violations: { n: 700, byCode: new Map([[1 * 4 + VIOLATION.range, 7]]) },
};

describe("columns of the window", () => {
  const found = driftColumns(facts);
  const [route, still] = found?.features ?? [];

  test("what changed is told apart from by how much, and from whether it matters", () => {
    expect(route).toMatchObject({ name: "route", changed: true, beyond: true, limit: 0.05, importance: 0.04 });
    expect(route?.effect?.value).toBeCloseTo(0.8 - 40 / 95, 9);
    expect(route?.weight).toBeCloseTo(0.04 * (0.8 - 40 / 95), 9);
    expect(still).toMatchObject({ changed: false, beyond: false });
    expect(found?.prediction).toMatchObject({ name: "score", changed: false, beyond: false, limit: 0.2 });
    expect(found?.rows).toBe(700);
  });

  test("shares of what is missing, unseen and out of range are of the window's rows", () => {
    expect(route?.missing).toBeCloseTo(0.05, 12);
    expect(route?.missingReference).toBeCloseTo(10 / 1010, 12);
    expect(still?.unseen).toBeCloseTo(0.01, 12);
    expect([route?.outOfRange, still?.outOfRange, found?.prediction.outOfRange]).toEqual([0, 0.01, null]);
  });

  test("the trend has one window for each day from the first whole one on, and ends with the effect of the window itself", () => {
    expect(route?.trend.map(({ day }) => day)).toEqual(Array.from({ length: 15 }, (_, i) => dayName(i + 6)));
    expect(route?.trend[0]?.effect).toBeCloseTo(0, 12);
    expect(route?.trend.at(-1)?.effect).toBeCloseTo(route?.effect?.value ?? -1, 12);
    expect(still?.trend.at(-1)?.effect).toBeCloseTo(still?.effect?.value ?? -1, 12);
  });
});

test("rows that were binned under no such reference are no comparison", () => {
  expect(driftColumns({ ...facts, days: [] })).toBeNull();
});
