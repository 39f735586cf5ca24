import { afterAll, beforeAll, expect, test } from "vitest";
import { execute, insertRows } from "@/lib/clickhouse/client";
import { revisionLabels, rolloutScores, rolloutService } from "@/lib/clickhouse/rollout-counts";
import { REQUEST_COLUMNS, ROW_COLUMNS } from "@/lib/inference/events";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";

const since = Date.now() - 60_000;
let store: TestClickHouse;

type Sent = {
  readonly revision?: string;
  readonly source?: string;
  readonly at?: number;
  readonly us?: number;
  readonly rows?: number;
  readonly outcome?: string;
  readonly reason?: string;
};

let ids = 0;
function request({ revision = "a-r2", source = "live", at = since + 1, us = 1000, rows = 1, ...how }: Sent): unknown[] {
  const { outcome = "model", reason = "" } = how;
  return [revision.slice(0, 1), revision, source, at, "c", `q${ids++}`, us, rows, outcome, reason];
}

type Scored = { readonly revision: string; readonly score: number; readonly row?: number; readonly bin?: number };
const scored = ({ revision, score, row = 0, bin = 0 }: Scored): unknown[] => [
  ...[revision.slice(0, 1), revision, "live", "c", `s${ids++}`, row, since + 1, since + 1, true, false],
  ...[[1], [], [], score, score >= 0.5 ? 1 : 0, 7, [bin, 3], []],
];

beforeAll(async () => {
  store = await testClickHouse();
  await insertRows("inference_requests", REQUEST_COLUMNS, [
    request({}),
    request({ us: 30_000 }),
    request({ us: 50_000, rows: 64 }),
    request({ outcome: "timeout", us: 9000 }),
    request({ outcome: "error" }),
    request({ outcome: "fallback" }),
    request({ outcome: "rejected", reason: "queue" }),
    request({ outcome: "rejected", reason: "ceiling" }),
    request({ outcome: "rejected", reason: "body" }),
    request({ at: since - 1 }),
    request({ source: "probe" }),
    request({ source: "shadow", us: 30_000 }),
    request({ revision: "a-r1" }),
    request({ revision: "a-r1", us: 26_000 }),
    request({ revision: "a-r0" }),
    request({ revision: "b-r1" }),
  ]);
  await insertRows("inference_rows", ROW_COLUMNS, [
    scored({ revision: "a-r2", score: 0.2505, bin: 4 }),
    scored({ revision: "a-r2", score: 0.9005, bin: 9 }),
    scored({ revision: "a-r2", score: 0.5, bin: 5, row: 1 }),
    scored({ revision: "a-r1", score: 1 }),
  ]);
});
afterAll(() => store.stop());

const ask = { endpoint: "a", candidate: "a-r2", incumbent: "a-r1", since, shadow: false };
const slow = { minRows: 1, maxRows: 16, slowUs: 25_000 };

test("requests of both revisions since the stage began come from one query, for any number of rollouts", async () => {
  const nobody = { ...ask, ...slow, endpoint: "n", candidate: "n-r2", incumbent: "n-r1" };
  const [steps, copies, none] = await rolloutService([{ ...ask, ...slow }, { ...ask, ...slow, shadow: true }, nobody]);
  expect(steps?.candidate).toMatchObject({ requests: 7, answered: 3, fellBack: 1, ofPopulation: 6, taken: 4, slow: 2 });
  expect(steps?.incumbent).toMatchObject({ requests: 2, answered: 2, fellBack: 0, ofPopulation: 2, taken: 2, slow: 1 });
  expect(copies?.candidate).toMatchObject({ requests: 1, slow: 1 });
  expect(copies?.incumbent).toMatchObject({ requests: 2 });
  expect(none).toEqual({ candidate: undefined, incumbent: undefined });
  expect(await rolloutService([])).toEqual([]);
});

test("scores are those of the first rows, by equal bins and by the bins of the reference", async () => {
  const [found] = await rolloutScores([{ ...ask, baselines: [7] }]);
  expect(found?.candidate?.scores[250]).toBe(1);
  expect(found?.candidate?.scores[900]).toBe(1);
  expect(found?.candidate?.scores.reduce((sum, n) => sum + n, 0)).toBe(2);
  expect(found?.candidate?.bins).toEqual({ bucket: [4, 9], count: [1, 1] });
  expect(found?.incumbent?.scores[999]).toBe(1);
  const [other] = await rolloutScores([{ ...ask, baselines: [8] }]);
  expect(other?.candidate?.bins).toEqual({ bucket: [], count: [] });
});

test("labels are those of the revision itself, over all event days", async () => {
  await execute(`INSERT INTO quality_day (endpoint, revision, source, event_day, labelled, fp, fn, sum_sq, bucket, pos, neg) VALUES
    ('a', 'a-r2', 'live', '2001-01-01', 10, 2, 1, 1.5, [100, 900], [1, 4], [4, 1]),
    ('a', 'a-r2', 'live', '2001-01-02', 10, 0, 1, 0.5, [900], [10], [0]),
    ('a', 'a-r2', 'shadow', '2001-01-02', 10, 9, 1, 9, [900], [10], [0]),
    ('a', 'a-r1', 'live', '2001-01-02', 10, 9, 1, 9, [900], [10], [0])`);
  const found = await revisionLabels(["a-r2", "a-r9"]);
  expect([...found.keys()]).toEqual(["a-r2"]);
  expect(found.get("a-r2")).toEqual({
    ...{ labelled: 20, wrong: 4, squaredError: 2 },
    groups: [
      { positive: 1, negative: 4 },
      { positive: 14, negative: 1 },
    ],
  });
});
