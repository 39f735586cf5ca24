import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { disconnect, inTransaction } from "@/lib/db";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { digestOf } from "@/lib/digest";
import { requestEvidenceRun } from "@/lib/governance/commands/request-evidence-run";
import { getEvidenceRun } from "@/lib/governance/queries/evidence-runs";
import { toVersion } from "@/lib/registry/version-row";
import { LOCAL_CAPABILITIES } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";
import { evidenceRuns } from "@/worker/evidence-runs";

const MODELS = path.resolve(import.meta.dirname, "../examples/flight-delays/models");
const NAME = "delays";
const LIMIT_MS = 300_000;

let directory: string;
let who: People;
let n: number;
let number: number;

beforeAll(async () => {
  await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "evidence-runs-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  who = await people();
  const [bytes, sample, json] = await Promise.all([
    readFile(path.join(MODELS, "v2/model.onnx")),
    readFile(path.join(MODELS, "reference.parquet")),
    readFile(path.join(MODELS, "v2/model.json"), "utf8"),
  ]);
  const features: string[] = JSON.parse(json).inputs[0].features;
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  n = await signedContract(who, NAME, (document) => withStandIns(document, features));
  const before = await version(who, { model: NAME, auc: 0.74, bytes, sample, features });
  await serve(before);
  number = await version(who, { model: NAME, bytes, sample, features, unmeasured: true });
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});

/** Makes a version serve, as an applied promotion leaves it. */
async function serve(version: number): Promise<void> {
  await inTransaction(async (tx) => {
    const row = await tx.modelVersion.findFirstOrThrow({ where: { number: version, model: { name: NAME } } });
    const contract = await tx.contract.findFirstOrThrow({ where: { number: n, useCase: { slug: NAME } } });
    const target = await tx.endpoint.findUniqueOrThrow({ where: { name: NAME } });
    const { files, schema } = toVersion(NAME, row);
    const modelDigest = files.find(({ role }) => role === "model")?.sha256 ?? "";
    const identity = { model: NAME, version, modelDigest, schema, endpoint: NAME };
    const spec = compile(contractDocument.parse(contract.document), identity, LOCAL_CAPABILITIES);
    const what = { endpointId: target.id, modelVersionId: row.id, contractId: contract.id };
    await setServingRevision(tx, { ...what, spec, specDigest: digestOf(spec), actor: who.sre });
  });
}

/** The example over the real model's features: the previous revision stands in for errors, a fixed response for all else. */
function withStandIns(document: ContractDocument, features: readonly string[]): ContractDocument {
  return {
    ...document,
    interface: { ...document.interface, features: features.map((name) => ({ name, type: "number" })) },
    // Room for a machine that runs other tests beside it: what is tested is the run, not the model.
    serving: { ...document.serving, deadlineMs: 2000 },
    clauses: document.clauses.map((each) => {
      if (each.id === "throughput_ceiling") return { ...each, target: 100, atRisk: 90 };
      return each.kind === "latency" ? { ...each, target: 900, atRisk: 800 } : each;
    }),
    failureMode: {
      onError: "previous_revision",
      onTimeout: "fallback",
      onOverload: "fallback",
      fallback: { score: 0.2 },
      breaker: null,
      queueRows: 1024,
      perClient: { requestsPerSecond: 5, burst: 5 },
      batching: null,
    },
  };
}

async function made(kind: "load" | "drill") {
  const asked = { model: NAME, version: number, slug: NAME, n, kind };
  const { id } = await requestEvidenceRun.call(who.sre, asked);
  await evidenceRuns.run(new AbortController().signal);
  return getEvidenceRun.call(who.sre, { id });
}

const leftBehind = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`proviso-canary-${process.pid}-`));

test("a load test measures a copy up to beyond the ceiling, and leaves nothing but its curve", {
  timeout: LIMIT_MS,
}, async () => {
  const run = await made("load");
  expect(run).toMatchObject({ state: "passed", drill: null });
  const { curve } = run;
  expect(curve).toMatchObject({ kind: "measured", runId: run.id, target: "local", tier: "cpu", rowsPerRequest: 1 });
  const rates = curve?.steps.map(({ offeredPerSecond }) => offeredPerSecond) ?? [];
  expect(rates).toContain(100); // exactly the ceiling
  expect(Math.max(...rates)).toBeGreaterThan(100);
  expect(rates).toEqual([...rates].sort((a, b) => a - b));
  // The limit of five requests per second for a client, and the fallback, would have shown.
  expect(curve?.steps[0]).toMatchObject({ errors: 0, rejected: 0 });
  expect(run.progress?.step).toBeGreaterThan(3);
  expect(await leftBehind()).toEqual([]);
});

test("a drill sees the declared stand-in in every fault, and the model back after each", {
  timeout: LIMIT_MS,
}, async () => {
  const run = await made("drill");
  expect(run.reason).toBe("The declared behaviour was seen in all 5 faults.");
  expect(run).toMatchObject({ state: "passed", curve: null, drill: { passed: true } });
  const faults = run.drill?.faults ?? [];
  expect(faults.map(({ fault }) => fault)).toEqual(["wrong", "slow", "hang", "overload", "kill"]);
  for (const { fault, counts, times } of faults) {
    expect(times.recoveredMs, fault).not.toBeNull();
    expect(counts.model, fault).toBeGreaterThan(0);
    if (fault === "wrong") expect(counts).toMatchObject({ fallback: 0, failed: 0 });
    if (fault === "wrong") expect(counts.secondary).toBeGreaterThan(0);
    else if (fault !== "kill") expect(counts.fallback, fault).toBeGreaterThan(0);
  }
  expect(await leftBehind()).toEqual([]);
});
