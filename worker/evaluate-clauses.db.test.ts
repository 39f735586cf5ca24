import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sparkReadings } from "@/lib/clickhouse/clause-readings";
import { insertRows } from "@/lib/clickhouse/client";
import { insertProbeResults } from "@/lib/clickhouse/probe-results";
import { contractDocument } from "@/lib/contracts/document";
import { db, disconnect, inTransaction } from "@/lib/db";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { REQUEST_COLUMNS, ROW_COLUMNS } from "@/lib/inference/events";
import { recordGroundTruth } from "@/lib/monitoring/commands/record-ground-truth";
import { getEndpointSeries, getEndpointSummary } from "@/lib/monitoring/queries/endpoints";
import { getLedger } from "@/lib/monitoring/queries/ledger";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { evaluateAt } from "@/worker/evaluate-clauses";
import { refreshQuality } from "@/worker/refresh-quality";
import { settleGroundTruth } from "@/worker/settle-labels";

const NAME = "flights";
const LIMIT_MS = 60_000;
vi.setConfig({ testTimeout: LIMIT_MS });
const MINUTE = 60_000;
const never = new AbortController().signal;
// Evaluations are made at times of our choosing; the last of them is now.
const end = Math.floor(Date.now() / 1000) * 1000;
const start = end - 30 * MINUTE;

let store: TestClickHouse;
let who: People;

beforeAll(async () => {
  // Only the clock of this process: what is "now" for the ledger does not depend on how busy the machine is.
  vi.useFakeTimers({ toFake: ["Date"], now: end });
  // The environment is read once.
  vi.stubEnv("ARTIFACTS_DIR", mkdtempSync(path.join(tmpdir(), "artifacts-")));
  await testDatabase();
  store = await testClickHouse();
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
}, LIMIT_MS);

afterAll(async () => {
  vi.useRealTimers();
  await store.stop();
  await disconnect();
});

async function serve(contract: number): Promise<void> {
  const number = await version(who, { model: NAME, auc: 0.75 + contract / 1000 });
  const [to, under, what] = await Promise.all([
    db().endpoint.findUnique({ where: { name: NAME } }),
    db().contract.findFirst({ where: { number: contract } }),
    db().modelVersion.findFirst({ where: { number } }),
  ]);
  if (!to || !under || !what) throw new Error("the stage is not set");
  const spec = { leaves: [], cannot: [] };
  const actor = { email: "test", kind: "process" } as const;
  const ids = { endpointId: to.id, contractId: under.id, modelVersionId: what.id };
  await inTransaction(async (tx) => {
    const { name } = await setServingRevision(tx, { ...ids, spec, specDigest: "0", actor });
    const numbers = { generation: contract, restarts: 0, eventsDropped: 0, spoolBytes: 0, pid: 1 } as const;
    const status = { ...numbers, name: NAME, state: "ready", reason: null, url: null, serving: name } as const;
    await recordObservation(tx, { ...status, warm: null, refused: null, mode: null }, new Date());
  });
}

let batch = 0;
/** `count` requests of one row in the minute that begins at `from`. */
async function traffic(from: number, count: number, us: number, outcome = "model"): Promise<void> {
  batch += 1;
  const rows = Array.from({ length: count }, (_, i) => [
    ...[
      NAME,
      `${NAME}-r1`,
      "live",
      from + (i % 60) * 1000,
      "scientist@example.com",
      `t${batch}-${i}`,
      us,
      1,
      outcome,
      "",
    ],
  ]);
  await insertRows("inference_requests", REQUEST_COLUMNS, rows, `batch-${batch}`);
}

async function probes(from: number, to: number, ok = true): Promise<void> {
  const times = Array.from({ length: Math.ceil((to - from) / 5000) }, (_, i) => from + i * 5000);
  const reason = ok ? "" : "connection refused";
  await insertProbeResults(
    times.map((at) => ({ endpoint: NAME, at, ok, status: ok ? 200 : 0, latencyUs: 900, reason })),
  );
}

async function clause(id: string) {
  const { clauses } = await getLedger.call(who.sre, { slug: NAME });
  const found = clauses.find((each) => each.id === id);
  if (!found) throw new Error(`no clause ${id} among ${clauses.map((each) => each.id)}`);
  return found;
}
const stored = async (id: string) => (await db().clauseState.findMany({ where: { clauseId: id } }))[0];
const trail = async () =>
  (await db().auditEvent.findMany({ where: { subjectType: "clause" }, orderBy: { id: "asc" } })).map(
    (e) => `${e.action} ${e.subject}`,
  );

test(
  "a signed contract that nothing serves under is all unproven, and says so",
  async () => {
    expect(await getLedger.call(who.sre, { slug: NAME })).toMatchObject({
      clauses: [],
      notice: /No contract is signed/,
    });
    await signedContract(who, NAME);
    const ledger = await getLedger.call(who.sre, { slug: NAME });
    expect(ledger).toMatchObject({ contract: null, notice: /not in force/ });
    expect(new Set(ledger.clauses.map(({ state }) => state))).toEqual(new Set(["unproven"]));
    await serve(1);
    expect((await clause("latency_p95")).reason).toBe("not evaluated yet");
  },
  LIMIT_MS,
);

test("no probe and no traffic: latency and availability are unproven with the reason", async () => {
  await evaluateAt(start);
  expect((await stored("latency_p95"))?.reason).toMatch(/no probe has run/);
  expect((await stored("availability"))?.state).toBe("unproven");
  expect((await stored("quality_auc"))?.reason).toMatch(/no prediction yet/);
});

test(
  "clauses are met by traffic that keeps them, and the page, the tiles and the chart show the same numbers",
  async () => {
    await traffic(end - 3 * MINUTE, 3000, 4000);
    await probes(end - 3 * MINUTE, end);
    await evaluateAt(end);
    const p95 = await clause("latency_p95");
    expect(p95).toMatchObject({ state: "met", n: 3000, target: 10, unit: "ms", window: { clock: "wall" } });
    expect(p95.value).toBeCloseTo(4, 0);
    expect(p95.howMeasured).toMatchObject({ query: "lib/clickhouse/service-windows" });
    const summary = await getEndpointSummary.call(who.sre, { name: NAME, range: "1h" });
    expect(summary.service).toMatchObject({ requests: 3000, p95: { value: p95.value, low: p95.low, high: p95.high } });
    expect(summary.probe.answers).toBe(true);
    const series = await getEndpointSeries.call(who.sre, { name: NAME, range: "1h" });
    expect(series.buckets.reduce((sum, bucket) => sum + bucket.requests, 0)).toBe(3000);
    expect(series.buckets.filter(({ p95: point }) => point === null).every(({ requests }) => requests === 0)).toBe(
      true,
    );
    expect(series.buckets.at(-1)?.unfinished).toBe(true);
    expect(series.signed.map(({ clause: id }) => id)).toContain("latency_p95");
    // The database's own clock has moved on.
    const around = { from: new Date(start).toISOString(), to: new Date(end + 3_600_000).toISOString() };
    const { changes } = await getEndpointSeries.call(who.sre, { name: NAME, ...around });
    expect(changes).toContainEqual(expect.objectContaining({ kind: "contract", label: "contract v1 signed" }));
  },
  LIMIT_MS,
);

test("the probe is not answered: neither latency nor availability says met, within thirty seconds", async () => {
  await probes(end, end + 20_000, false);
  await evaluateAt(end + 20_000);
  expect(await stored("latency_p95")).toMatchObject({
    state: "unproven",
    reason: expect.stringMatching(/connection refused/),
  });
  expect(await stored("availability")).toMatchObject({
    state: "at_risk",
    reason: expect.stringMatching(/unavailable/),
  });
});

test(
  "a breach opens after enough evaluations on its cadence, closes when the promise is kept, and both are audited once",
  async () => {
    const { windowSeconds = 0, cadenceSeconds = 0, consecutive = 0 } = (await promised("latency_p95")) ?? {};
    const slow = end + 2 * windowSeconds * 1000;
    for (let i = 0; i < consecutive; i++) {
      const now = slow + (i + 1) * Math.max(cadenceSeconds * 1000, MINUTE);
      await traffic(now - MINUTE, 1000, 60_000);
      await probes(now - MINUTE, now);
      await evaluateAt(now - 1000);
      await evaluateAt(now);
      expect((await stored("latency_p95"))?.state).toBe(i + 1 < consecutive ? "at_risk" : "breached");
    }
    expect(await trail()).toContain(`clause.breach ${NAME}/latency_p95`);
    expect(await db().breach.count({ where: { clauseId: "latency_p95", closedAt: null } })).toBe(1);
    const later = slow + 4 * windowSeconds * 1000;
    await traffic(later - MINUTE, 1000, 4000);
    await probes(later - MINUTE, later);
    await evaluateAt(later);
    expect((await stored("latency_p95"))?.state).toBe("met");
    expect((await trail()).filter((line) => line.endsWith("/latency_p95"))).toEqual([
      `clause.breach ${NAME}/latency_p95`,
      `clause.recover ${NAME}/latency_p95`,
    ]);
    const points = await sparkReadings(NAME, start, later + 1, 1000);
    expect(points.filter((point) => point.clause === "latency_p95").map(({ state }) => state)).toContain("breached");
  },
  LIMIT_MS,
);

async function promised(id: string) {
  const row = await db().contract.findFirst({ where: { number: 1 } });
  return contractDocument.parse(row?.document).clauses.find((each) => each.id === id);
}

test(
  "labels make quality of mature days only, and late ones restate it",
  async () => {
    const first = Date.parse("2001-05-01T00:00:00Z");
    const rows = Array.from({ length: 4000 }, (_, i) => ({
      id: `q${i}`,
      event: first + i * 5 * MINUTE,
      score: ((i * 37) % 100) / 100,
    }));
    const values = rows.map(({ id, event, score }) => [
      ...[NAME, `${NAME}-r1`, "live", "scientist@example.com", id, 0, event, end, true, false],
      ...[[1, 2], [], [60], score, score >= 0.5 ? 1 : 0, 0, [], []],
    ]);
    await insertRows("inference_rows", ROW_COLUMNS, values, "rows");
    const label = (i: number, value = Number((i * 61) % 100 < (i * 37) % 100)) => ({
      ...{ endpoint: NAME, row: `q${i}`, client: "scientist@example.com", observed_at: "2001-05-20T00:00:00Z" },
      value: value as 0 | 1,
    });
    await recordGroundTruth.call(who.ci, { lines: rows.map((_, i) => label(i)) });
    await settleGroundTruth.run(never);
    await refreshQuality().run(never);
    await evaluateAt(end);
    const auc = await stored("quality_auc");
    const watermark = rows.at(-1)?.event ?? 0;
    expect(auc?.windowTo?.getTime()).toBeLessThanOrEqual(watermark);
    expect(Number(auc?.n)).toBeLessThan(rows.length);
    expect(auc).toMatchObject({ reason: expect.stringMatching(/labels 100\s% complete/) });
    const before = auc?.value ?? 0;
    const corrected = rows.map((row, i) => ({
      ...label(i, row.score >= 0.5 ? 1 : 0),
      observed_at: "2001-05-21T00:00:00Z",
    }));
    await recordGroundTruth.call(who.ci, { lines: corrected });
    await settleGroundTruth.run(never);
    await refreshQuality().run(never);
    await evaluateAt(end + 1000);
    expect((await stored("quality_auc"))?.value).toBe(1);
    expect(before).toBeLessThan(0.95);
    const { quality, clock } = await getEndpointSeries.call(who.sre, { name: NAME });
    expect(quality.at(-1)?.unfinished).toBe(true);
    expect(quality[0]).toMatchObject({ day: "2001-05-01", coverage: 1, unfinished: false, accuracy: { value: 1 } });
    expect(clock.watermark).toBe(new Date(watermark).toISOString());
    expect(await stored("freshness")).toMatchObject({ value: expect.closeTo(60, -1) });
  },
  LIMIT_MS,
);

test("a bad label refuses the whole batch and names its line", async () => {
  const good = { endpoint: NAME, row: "zz", observed_at: 0, value: 1 as const };
  const sent = recordGroundTruth.call(who.ci, { lines: [good, { ...good, endpoint: "nowhere" }] });
  await expect(sent).rejects.toMatchObject({ code: "invalid", message: /^Line 2: there is no endpoint nowhere/ });
  const { clock } = await getEndpointSeries.call(who.sre, { name: NAME });
  expect(clock.labelsWaiting).toBe(0);
  await expect(recordGroundTruth.call(who.scientist, { lines: [good] })).rejects.toMatchObject({ code: "forbidden" });
});

test("an evaluation that is too old proves nothing", async () => {
  await inTransaction((tx) => tx.$executeRaw`UPDATE clause_state SET evaluated_at = ${new Date(end - 31_000)}`);
  expect(await clause("latency_p95")).toMatchObject({ state: "unproven", reason: /not evaluated for 31/ });
});

test(
  "under another contract the clauses start again, and an open breach is closed with the reason",
  async () => {
    const row = await db().clauseState.findFirst({ where: { clauseId: "latency_p99" } });
    if (!row) throw new Error("no state");
    const openedAt = new Date(end + 86_400_000);
    const open = {
      openedAt,
      endpointId: row.endpointId,
      contractId: row.contractId,
      clauseId: "latency_p99",
      opening: {},
    };
    await inTransaction((tx) => tx.breach.create({ data: open }));
    const n = await signedContract(who, NAME, (document) => ({ ...document, purpose: "Rebook connections earlier" }));
    await serve(n);
    await evaluateAt(end);
    const breach = await db().breach.findFirst({ where: { clauseId: "latency_p99" }, orderBy: { openedAt: "desc" } });
    expect(breach).toMatchObject({
      closedAt: expect.any(Date),
      closing: { reason: expect.stringMatching(/not promised any more/) },
    });
    const states = await db().clauseState.findMany({});
    expect(new Set(states.map(({ contractId }) => contractId)).size).toBe(1);
  },
  LIMIT_MS,
);
