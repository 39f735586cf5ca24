import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { insertRows } from "@/lib/clickhouse/client";
import { insertLabels, settleLabels } from "@/lib/clickhouse/ground-truth";
import { proposeClause } from "@/lib/contracts/archetypes";
import { db, disconnect, inTransaction } from "@/lib/db";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { ROW_COLUMNS } from "@/lib/inference/events";
import { endpointDrift } from "@/lib/monitoring/drift-view";
import { getEndpointDrift } from "@/lib/monitoring/queries/drift";
import { getClauseWhy } from "@/lib/monitoring/queries/why";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { evaluateAt } from "@/worker/evaluate-clauses";
import { refreshQuality } from "@/worker/refresh-quality";

const NAME = "drifting";
const LIMIT_MS = 60_000;
vi.setConfig({ testTimeout: LIMIT_MS, hookTimeout: LIMIT_MS });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const start = Date.parse("2001-04-01T00:00:00Z");
const DAYS = 21;
const PER_DAY = 300;
const received = Date.now() - HOUR;
const slice = { feature: "distance", to: 1000 };

let store: TestClickHouse;
let who: People;

beforeAll(async () => {
  vi.stubEnv("ARTIFACTS_DIR", mkdtempSync(path.join(tmpdir(), "artifacts-")));
  await testDatabase();
  store = await testClickHouse();
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
});
afterAll(async () => {
  await store.stop();
  await disconnect();
});

/** Independent of each other, the same in every run (mulberry32). */
function uniforms(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const uniform = uniforms(7);

/** Row i: its score, whether it comes true, and its distance, which moves in the last week; there the model says too little. */
function rowOf(i: number) {
  const late = i >= (DAYS - 7) * PER_DAY;
  const score = (Math.floor(60 * uniform()) + 0.5) / 100;
  const far = uniform() < (late ? 0.2 : 0.7);
  const chance = late && !far ? Math.min(1, score * 1.6) : score;
  return { id: `d${i}`, event: start + i * (DAY / PER_DAY), score, far, positive: uniform() < chance };
}
const rows = Array.from({ length: DAYS * PER_DAY }, (_, i) => rowOf(i));

async function sendRows(): Promise<void> {
  const baseline = (await db().baseline.findMany({}))[0]?.id ?? 0;
  const values = rows.map(({ id, event, score, far }) => [
    ...[NAME, `${NAME}-r1`, "live", "client@example.com", id, 0, event, received, true, false],
    ...[[8, far ? 2000 : 500], [], [60], score, score >= 0.5 ? 1 : 0],
    ...[baseline, [Math.floor(score * 100), 0, far ? 1 : 0], []],
  ]);
  await insertRows("inference_rows", ROW_COLUMNS, values, "rows");
  const labels = rows.map(({ id, event, positive }) => ({
    ...{ endpoint: NAME, client: "client@example.com", requestId: id, row: 0, withdrawn: false, id: "" },
    ...{ observedAt: event + HOUR, value: Number(positive) },
  }));
  await insertLabels(labels, received, "ci@example.com");
  await settleLabels(20_000);
  await refreshQuality().run(new AbortController().signal);
}

async function serve(): Promise<void> {
  await signedContract(who, NAME, (document) => ({
    ...document,
    clauses: [
      ...document.clauses.map((clause) =>
        clause.metric === "calibration_error" || clause.metric === "auc"
          ? { ...clause, windowSeconds: 7 * 86_400, minSamples: 100, labelDelaySeconds: 86_400 }
          : clause,
      ),
      {
        ...proposeClause("quality_calibration", "calibration_error", 0.05, 64),
        ...{ windowSeconds: 7 * 86_400, minSamples: 100, labelDelaySeconds: 86_400 },
      },
      { ...proposeClause("quality_brier_near", "brier", 0.1, 64), slice, minSamples: 10 },
    ],
  }));
  const number = await version(who, { model: NAME });
  const [to, under, what] = await Promise.all([
    db().endpoint.findUnique({ where: { name: NAME } }),
    db().contract.findFirst({ where: { number: 1 } }),
    db().modelVersion.findFirst({ where: { number } }),
  ]);
  if (!to || !under || !what) throw new Error("the stage is not set");
  const ids = { endpointId: to.id, contractId: under.id, modelVersionId: what.id };
  const actor = { email: "test", kind: "process" } as const;
  await inTransaction(async (tx) => {
    await setServingRevision(tx, { ...ids, spec: { leaves: [], cannot: [] }, specDigest: "0", actor });
  });
}

async function makeBaseline(): Promise<void> {
  const modelVersion = await db().modelVersion.findFirst({});
  const hundred = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  const column = { missing: 0, unseen: 0, calendar: false, weekly: 0.02, weeks: 8 };
  const payload = {
    columns: [
      {
        ...column,
        name: "score",
        kind: "number",
        edges: hundred,
        counts: hundred.map((e) => (e < 0.61 ? 10 : 0)).concat(0),
      },
      { ...column, name: "hour", kind: "values", edges: [8], counts: [600, 0] },
      { ...column, name: "distance", kind: "values", edges: [500, 2000], counts: [180, 420, 0] },
    ],
    ...{ n: 600, from: "2001-01-01T00:00:00.000Z", to: "2001-03-01T00:00:00.000Z" },
    calibrator: { score: [0, 1], probability: [0, 1] },
    importance: [
      { feature: "hour", value: 0.001 },
      { feature: "distance", value: 0.03 },
    ],
  };
  await inTransaction((tx) =>
    tx.baseline.create({
      data: {
        modelVersionId: modelVersion?.id ?? "",
        state: "accepted",
        payload,
        digest: "0".repeat(64),
        proposedBy: "test",
      },
    }),
  );
}

const drift = () => getEndpointDrift.call(who.sre, { name: NAME });

test("what is not there yet is said, one thing after the other: nothing serves, no reference, no row", async () => {
  expect((await drift()).notice).toMatch(/Nothing serves/);
  await serve();
  expect(await drift()).toMatchObject({ notice: /no reference/, baseline: null, features: [], prediction: null });
  await makeBaseline();
  expect(await drift()).toMatchObject({ notice: /event clock has not started/, baseline: { kind: "version", n: 600 } });
});

describe("with rows and labels", () => {
  beforeAll(async () => {
    await sendRows();
    await evaluateAt(Date.now());
  });

  test("the answer has the declared shape, and the distance has changed, by how much, and matters", async () => {
    const found = endpointDrift.parse(await drift());
    const [hour, distance] = found.features;
    expect(found.notice).toBeNull();
    expect(distance).toMatchObject({ name: "distance", changed: true, beyond: true, importance: 0.03 });
    // The day of the watermark is not over: six of the seven days moved by .5.
    expect(distance?.effect?.value).toBeCloseTo((6 / 7) * 0.5, 1);
    expect(distance?.weight).toBeCloseTo(0.03 * (distance?.effect?.value ?? 0), 9);
    expect(hour).toMatchObject({ name: "hour", changed: false, beyond: false });
    expect(distance?.trend.at(-1)?.effect).toBeCloseTo(distance?.effect?.value ?? -1, 9);
    expect(found.window?.rows).toBe(7 * PER_DAY);
  });

  test("the realised level leaves the estimated one, which cannot see it", async () => {
    const { windows, calibration, reference } = (await drift()).quality;
    const [first, last] = [windows[0], windows.findLast(({ unfinished }) => !unfinished)];
    expect(first?.realised.observedToExpected).toBeCloseTo(1, 1);
    expect(last?.realised.observedToExpected).toBeGreaterThan(1.2);
    expect(last?.estimated?.auc).toBeCloseTo(first?.estimated?.auc ?? 0, 2);
    expect(reference?.auc).toBeCloseTo(first?.estimated?.auc ?? 0, 1);
    expect(calibration).toHaveLength(10);
  });

  test("why: the moved feature first, the part where the model says too little, and no rollback where nothing was changed", async () => {
    const [troubled] = (await drift()).troubled.filter(({ id }) => /calibration/.test(id));
    const why = await getClauseWhy.call(who.scientist, { name: NAME, clause: troubled?.id ?? "none" });
    expect(why.features[0]).toMatchObject({ feature: "distance", beyond: true });
    expect(why.features[0]?.share).toBeGreaterThan(0.9);
    expect(why.slices[0]).toMatchObject({ feature: "distance", part: "= 500", by: "gap" });
    expect(why.slices[0]?.gap).toBeGreaterThan(0.05);
    expect(why.steps[0]?.kind).toBe("look");
    expect(why.missing).toEqual([]);
    expect(why.learnFrom?.to).toBe("2001-04-20");
  });

  test("a clause on a slice is measured on its rows, and says so", async () => {
    const state = (await db().clauseState.findMany({ where: { clauseId: "quality_brier_near" } }))[0];
    const near = rows.filter(({ far, event }) => !far && event < start + (DAYS - 1) * DAY);
    expect(Number(state?.n)).toBeGreaterThan(0);
    expect(Number(state?.n)).toBeLessThan(near.length);
    expect(state?.value).toBeGreaterThan(0.1);
  });

  test("why is asked of a clause of the event clock that is in force, else refused in words", async () => {
    await expect(getClauseWhy.call(who.sre, { name: NAME, clause: "nothing" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(getClauseWhy.call(who.sre, { name: NAME, clause: "latency_p99" })).rejects.toMatchObject({
      code: "invalid",
    });
  });
});
