import { createHash } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readNumbers } from "@/lib/artifacts/number-columns";
import { artifactStore } from "@/lib/artifacts/store";
import { insertRows } from "@/lib/clickhouse/client";
import { proposeClause } from "@/lib/contracts/archetypes";
import type { Clause, ContractDocument, Metric } from "@/lib/contracts/document";
import { db, disconnect, inTransaction } from "@/lib/db";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { ROW_COLUMNS } from "@/lib/inference/events";
import { type BaselinePayload, baselinePayload, binOf } from "@/lib/monitoring/baseline";
import { baselineConfigOf } from "@/lib/monitoring/baseline-config";
import { decideBaseline } from "@/lib/monitoring/commands/decide-baseline";
import { findReferences } from "@/lib/monitoring/commands/find-references";
import { proposeBaseline } from "@/lib/monitoring/commands/propose-baseline";
import { getExactDrift } from "@/lib/monitoring/queries/exact-drift";
import { registerVersion } from "@/lib/registry/commands/register-version";
import { DAY_MS } from "@/lib/time";
import { type TestClickHouse, testClickHouse } from "@/prisma/test-clickhouse";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract } from "@/prisma/test-stage";
import { evaluateAt } from "@/worker/evaluate-clauses";
import { makeBaselines } from "@/worker/make-baselines";
import { verifyVersions } from "@/worker/verify-versions";

const NAME = "drifting";
const MODELS = path.resolve(import.meta.dirname, "../examples/flight-delays/models");
const never = new AbortController().signal;
/** Monday. */
const START = Date.UTC(2001, 4, 7);
const ROWS_A_DAY = 800;
vi.setConfig({ testTimeout: 120_000 });

let store: TestClickHouse;
let who: People;
let features: readonly string[];
let reference: BaselinePayload;
let sample: ReadonlyMap<string, Float32Array>;
let modelVersionId: string;

async function stored(file: string) {
  const bytes = await readFile(path.join(MODELS, file));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const body = new Blob([new Uint8Array(bytes)]).stream();
  await artifactStore().put({ sha256, size: bytes.length, body });
  return { sha256, size: bytes.length };
}

async function there<T>(found: Promise<T | null>): Promise<T> {
  const row = await found;
  if (row === null) throw new Error("the stage is not set");
  return row;
}

function driftClause(id: string, metric: Metric, target: number): Clause {
  const often = { windowSeconds: 7 * 86_400, cadenceSeconds: 86_400, consecutive: 3, minSamples: 1000 };
  return { ...proposeClause(id, metric, target, 64), ...often };
}

function withDrift(document: ContractDocument): ContractDocument {
  return {
    ...document,
    interface: { ...document.interface, features: features.map((name) => ({ name, type: "number" as const, min: 0 })) },
    clauses: [
      driftClause("drift_features", "drifted_features", 2),
      driftClause("drift_prediction", "prediction_drift", 0.2),
      driftClause("drift_missing", "missing_ratio", 0.05),
      driftClause("drift_unseen", "unseen_ratio", 0.01),
      driftClause("drift_range", "out_of_range_ratio", 0.01),
    ],
  };
}

beforeAll(async () => {
  vi.stubEnv("ARTIFACTS_DIR", mkdtempSync(path.join(tmpdir(), "artifacts-")));
  vi.stubEnv("LOG_LEVEL", "silent");
  await testDatabase();
  store = await testClickHouse();
  who = await people();
  const schema = JSON.parse(await readFile(path.join(MODELS, "v2/model.json"), "utf8"));
  features = schema.inputs[0].features;
  await registerVersion.call(who.ci, {
    name: NAME,
    files: [
      { path: "model.onnx", role: "model", ...(await stored("v2/model.onnx")) },
      { path: "reference.parquet", role: "reference_sample", ...(await stored("reference.parquet")) },
      { path: "evaluation-sample.parquet", role: "evaluation_sample", ...(await stored("evaluation-sample.parquet")) },
    ],
    schema,
    evaluation: JSON.parse(await readFile(path.join(MODELS, "v2/evaluation.json"), "utf8")),
    dataset: JSON.parse(await readFile(path.join(MODELS, "dataset.json"), "utf8")),
    codeRevision: "test",
  });
  await verifyVersions().run(never);
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  await signedContract(who, NAME, withDrift);
  sample = (await readNumbers(path.join(MODELS, "reference.parquet"), features)).numbers;
}, 120_000);

afterAll(async () => {
  await store.stop();
  await disconnect();
});

test("the reference of a verified version is made once, in a process of its own, and cannot be changed", async () => {
  const job = makeBaselines();
  await job.run(never);
  await job.run(never);
  const rows = await db().baseline.findMany();
  expect(rows).toHaveLength(1);
  reference = baselinePayload.parse(rows[0]?.payload);
  modelVersionId = rows[0]?.modelVersionId ?? "";
  expect(reference).toMatchObject({ n: 60_000, output: { name: "probabilities", index: 1 } });
  expect(reference.columns.map(({ name }) => name)).toEqual(["score", ...features]);
  expect(reference.columns.find(({ name }) => name === "weekday")).toMatchObject({ kind: "values", calendar: true });
  expect(reference.columns.every(({ edges }) => edges.every((edge) => Math.fround(edge) === edge))).toBe(true);
  expect(reference.importance).toHaveLength(12);
  expect(reference.calibrator?.score.length).toBeGreaterThan(10);
  const made = await db().auditEvent.findMany({ where: { action: "baseline.make" } });
  expect(made).toHaveLength(1);
  const change = inTransaction((tx) => tx.$executeRaw`UPDATE baseline SET digest = ${"0".repeat(64)}`);
  await expect(change).rejects.toThrow(/a baseline does not change/);
});

async function serve(): Promise<void> {
  const [to, under] = await Promise.all([
    there(db().endpoint.findFirst({ where: { name: NAME } })),
    there(db().contract.findFirst()),
  ]);
  const ids = { endpointId: to.id, contractId: under.id, modelVersionId };
  const actor = { email: "test", kind: "process" } as const;
  await inTransaction((tx) =>
    setServingRevision(tx, { ...ids, spec: { leaves: [], cannot: [] }, specDigest: "0", actor }),
  );
}

type Change = (feature: string, value: number, i: number) => number;

async function references() {
  const served = [{ endpointId: await endpointId(), modelVersionId }];
  return inTransaction((tx) => findReferences(tx, served));
}

/** A day of rows: a part of the reference's own rows, in no order, changed. Binned as the runtime does, under the baseline it is told. */
async function day(number: number, change: Change = (_, value) => value): Promise<void> {
  const [found] = await references();
  const config = found ? baselineConfigOf(found) : null;
  const [score, ...columns] = reference.columns;
  const values = Array.from({ length: ROWS_A_DAY }, (_, i) => {
    const at = (number * 7919 + i * 61) % reference.n;
    const numbers = features.map((name) => change(name, sample.get(name)?.[at] ?? Number.NaN, i));
    const own = score?.edges[(i * 37) % 99] ?? 0;
    const bins = [
      score ? binOf(own, score) : 0,
      ...columns.map((column, k) => binOf(Math.fround(numbers[k] ?? 0), column)),
    ];
    const received = Date.now() - 60_000;
    return [
      ...[NAME, `${NAME}-r1`, "live", "client", `d${number}-${i}`, 0],
      ...[START + number * DAY_MS + i * 1000, received, true, false],
      ...[
        numbers.map((each) => (Number.isNaN(each) ? "nan" : each)),
        [],
        [60],
        own,
        own >= 0.5 ? 1 : 0,
        config?.id ?? 0,
        bins,
      ],
      i % 50 === 0 ? [2 * 4] : [],
    ];
  });
  await insertRows("inference_rows", ROW_COLUMNS, values, `day-${number}`);
}

const endpointId = async () => (await there(db().endpoint.findFirst({ where: { name: NAME } }))).id;
const state = async (clauseId: string) => there(db().clauseState.findFirst({ where: { clauseId } }));

test("without a change every drift clause is met, over whole weeks and calendar features too", async () => {
  await serve();
  for (let number = 0; number <= 7; number++) await day(number);
  await evaluateAt(Date.now());
  expect(await state("drift_features")).toMatchObject({ state: "met", value: 0, n: BigInt(7 * ROWS_A_DAY) });
  expect((await state("drift_features")).windowTo?.getTime()).toBe(START + 7 * DAY_MS);
  expect(await state("drift_prediction")).toMatchObject({ state: "met" });
  expect(await state("drift_missing")).toMatchObject({ state: "met", value: 0 });
  expect(await state("drift_unseen")).toMatchObject({ state: "met", value: 0 });
  expect(await state("drift_range")).toMatchObject({ value: 0.02 });
  expect((await state("drift_range")).reason).toMatch(/distance 2\s% out of range/);
});

const shifted: Change = (feature, value, i) => {
  if (feature === "distance") return value * 3;
  if (feature === "route_late_28d" || feature === "dest_in_late_3h") return value / 4;
  if (feature === "hour" && i % 10 === 0) return Number.NaN;
  return value;
};

test("three features leave their limits: named with effect and limit, breached after three days in a row", async () => {
  for (let number = 8; number <= 17; number++) {
    await day(number, shifted);
    await evaluateAt(Date.now());
  }
  const drifted = await state("drift_features");
  expect(drifted).toMatchObject({ state: "breached", value: 3, low: 3 });
  for (const name of ["distance", "route_late_28d", "dest_in_late_3h"]) expect(drifted.reason).toContain(`${name} 0.`);
  expect(drifted.reason).toMatch(/limit 0\.05/);
  expect(await state("drift_missing")).toMatchObject({ state: "breached", value: expect.closeTo(0.1, 2) });
  expect((await state("drift_missing")).reason).toMatch(/hour 10\s% missing/);
  const breaches = await db().auditEvent.count({
    where: { action: "clause.breach", subject: `${NAME}/drift_features` },
  });
  expect(breaches).toBe(1);
});

test("the exact test of one feature agrees with the bins, within what they hide", async () => {
  const compared = async (feature: string) => getExactDrift.call(who.scientist, { name: NAME, feature });
  const distance = await compared("distance");
  expect(distance).toMatchObject({
    test: "kolmogorov_smirnov",
    reference: { n: 60_000 },
    window: { n: 7 * ROWS_A_DAY },
  });
  expect(distance.effect).toBeGreaterThan(0.3);
  expect(distance.p).toBeLessThan(1e-12);
  expect((await compared("hour")).window.missing).toBe((7 * ROWS_A_DAY) / 10);
  expect((await compared("origin_dep_1h")).effect).toBeLessThan(0.05);
  await expect(compared("weather")).rejects.toThrow(/no feature weather/);
});

const week = { name: NAME, from: "2001-05-17", to: "2001-05-23" };
const reason = "the airline flies longer routes since May";

test("a window can become the reference: proposed by one, accepted by another, audited; then nothing has drifted", async () => {
  await expect(proposeBaseline.call(who.scientist, { ...week, to: "2001-05-30", reason })).rejects.toThrow(/not over/);
  await expect(proposeBaseline.call(who.scientist, { ...week, to: "2001-05-22", reason })).rejects.toThrow(
    /whole weeks/,
  );
  await expect(proposeBaseline.call(who.sre, { ...week, reason })).rejects.toThrow(/scientist/);
  const proposed = await proposeBaseline.call(who.scientist, { ...week, reason });
  expect(proposed).toMatchObject({ state: "proposed", rows: 7 * ROWS_A_DAY });
  await expect(proposeBaseline.call(who.scientist, { ...week, reason })).rejects.toThrow(/waits for its decision/);
  const decision = {
    name: NAME,
    id: proposed.id,
    decision: "accept" as const,
    comment: "seen with the network planners",
  };
  const both = { ...who.scientist, roles: ["scientist", "validator"] as const };
  await expect(decideBaseline.call(both, decision)).rejects.toThrow(/Somebody else/);
  const before = await references();
  await decideBaseline.call(who.validator, decision);
  await expect(decideBaseline.call(who.validator, decision)).rejects.toThrow(/accepted already/);
  const [after] = await references();
  expect(after?.id).toBe(proposed.id);
  // The edges are the same: the runtime is told nothing new, and rows of before still count.
  expect(after && baselineConfigOf(after)).toEqual(before[0] && baselineConfigOf(before[0]));
  await evaluateAt(Date.now());
  expect(await state("drift_features")).toMatchObject({ value: 0, n: BigInt(7 * ROWS_A_DAY) });
  const audited = await db().auditEvent.findMany({
    where: { action: { startsWith: "baseline." } },
    orderBy: { id: "asc" },
  });
  expect(audited.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
    "baseline.make done",
    "baseline.propose refused",
    "baseline.propose done",
    "baseline.decide refused",
    "baseline.accept done",
  ]);
});
