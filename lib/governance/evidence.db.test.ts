import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { db, disconnect, inTransaction } from "@/lib/db";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { cancelEvidenceRun } from "@/lib/governance/commands/cancel-evidence-run";
import { concludeEvidenceRun } from "@/lib/governance/commands/conclude-evidence-run";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { importLoad } from "@/lib/governance/commands/import-load";
import { refreshPromotion } from "@/lib/governance/commands/refresh-promotion";
import { reportProgress } from "@/lib/governance/commands/report-progress";
import { requestEvidenceRun } from "@/lib/governance/commands/request-evidence-run";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { takeEvidenceRun } from "@/lib/governance/commands/take-evidence-run";
import { getFeasibility } from "@/lib/governance/queries/contract-feasibility";
import { getEvidenceRun, listEvidence } from "@/lib/governance/queries/evidence-runs";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { findNewestDrills } from "@/lib/registry/commands/find-newest-drills";
import { slowCurve, testCurve } from "@/lib/serving/test-curve";
import { testDatabase } from "@/prisma/test-database";
import {
  drilled,
  endpoint,
  makeUseCase,
  measured,
  type People,
  people,
  signedContract,
  version,
} from "@/prisma/test-stage";

let directory: string;
let who: People;
let count = 0;
/** A use case, its endpoint and its model, new for each test. */
let name: string;

beforeAll(async () => {
  await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "evidence-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  who = await people();
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  count += 1;
  name = `case-${count}`;
  await makeUseCase(who, name);
  await endpoint(who, name);
  // What an earlier test left open would be taken first.
  const open = { state: { in: ["queued", "running"] } };
  await inTransaction((tx) => tx.evidenceRun.updateMany({ where: open, data: { state: "cancelled" } }));
});

const now = () => new Date();
const take = (at = now()) => inTransaction((tx) => takeEvidenceRun(tx, at));
const promote = (number: number) =>
  requestPromotion.call(who.scientist, { endpoint: name, model: name, version: number, comment: "it is better" });
const runsOf = async (number: number) => (await listEvidence.call(who.scientist, { name, version: number })).runs;

const versionRow = (number: number) =>
  inTransaction((tx) => tx.modelVersion.findFirstOrThrow({ where: { model: { name }, number } }));

async function gateOf(id: number, gate: string) {
  return (await getPromotion.call(who.scientist, { id })).gate.find((each) => each.gate === gate);
}

describe("a promotion", () => {
  test("without a load curve queues a load test, once; the curve turns the gate", async () => {
    const n = await signedContract(who, name);
    const number = await version(who, { model: name, unmeasured: true });
    const { id } = await promote(number);
    expect(await runsOf(number)).toMatchObject([{ kind: "load", state: "queued", contract: n, version: number }]);
    expect(await gateOf(id, "load_curve")).toMatchObject({ status: "missing" });
    await inTransaction((tx) => refreshPromotion(tx, id));
    expect(await runsOf(number)).toHaveLength(1);

    const run = await take();
    const { digest } = await versionRow(number);
    const payload = testCurve({ versionDigest: digest });
    const outcome = { kind: "load_curve" as const, payload, words: "holds" };
    expect(await inTransaction((tx) => concludeEvidenceRun(tx, run?.id ?? "", outcome))).toBe(true);
    expect(await inTransaction((tx) => refreshPromotion(tx, id))).toBe(true);
    expect(await gateOf(id, "load_curve")).toMatchObject({ status: "pass" });
    expect(await getEvidenceRun.call(who.scientist, { id: run?.id ?? "" })).toMatchObject({
      state: "passed",
      curve: { kind: "measured" },
      drill: null,
    });
  });

  test("whose curve turns out infeasible cannot be approved, in words with the numbers; a new request is refused", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name, unmeasured: true });
    const { id } = await promote(number);
    await measured(name, number, slowCurve());
    await inTransaction((tx) => refreshPromotion(tx, id));
    const { inputsDigest } = await getPromotion.call(who.validator, { id });
    const approve = { id, decision: "approve" as const, comment: "read", inputsDigest };
    await expect(decidePromotion.call(who.validator, approve)).rejects.toThrow(
      /p99 75 ms at 97 requests\/s.*promised ≤ 25 ms/,
    );
    await decidePromotion.call(who.validator, { ...approve, decision: "reject" });
    await expect(promote(number)).rejects.toMatchObject({ code: "precondition" });
  });

  test("under a contract with a failure_mode clause queues a drill, and passes with one of this failure mode only", async () => {
    await signedContract(who, name, withDrillClause);
    const number = await version(who, { model: name });
    const { id } = await promote(number);
    expect(await runsOf(number)).toMatchObject([{ kind: "drill", state: "queued" }]);
    await drilled(name, number, exampleDocument()); // of no failure mode
    expect(await gateOf(id, "drill")).toMatchObject({ status: "missing" });
    await drilled(name, number, withDrillClause(exampleDocument()));
    expect(await gateOf(id, "drill")).toMatchObject({ status: "pass" });
    const { id: versionId } = await versionRow(number);
    expect((await inTransaction((tx) => findNewestDrills(tx, [versionId]))).get(versionId)).toMatchObject({
      passed: true,
    });
  });

  test("does not lose its approvals to an attested curve, nor is that curve taken for a measured one", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name });
    const { id } = await promote(number);
    const before = (await getPromotion.call(who.scientist, { id })).inputsDigest;
    await importLoad.call(who.ci, report(number, k6Summary(90)));
    expect((await getPromotion.call(who.scientist, { id })).inputsDigest).toBe(before);
    expect(await gateOf(id, "load_curve")).toMatchObject({ status: "pass" });
    const { curves } = await listEvidence.call(who.scientist, { name, version: number });
    expect(curves.map(({ curve }) => curve.kind)).toEqual(["attested", "measured"]);
  });
});

function withDrillClause(document: ContractDocument): ContractDocument {
  const availability = document.clauses.find(({ id }) => id === "availability");
  if (!availability) throw new Error("the example has no availability clause");
  const drill = {
    ...availability,
    id: "drill_age",
    kind: "failure_mode" as const,
    metric: "drill_age" as const,
    direction: "at_most" as const,
    unit: "s" as const,
    target: 30 * 86_400,
    atRisk: 25 * 86_400,
    minSamples: 1,
    probe: "drill" as const,
  };
  const failureMode = {
    onError: "fallback" as const,
    onTimeout: "fallback" as const,
    onOverload: "fallback" as const,
    fallback: { score: 0.2 },
    breaker: null,
    queueRows: 256,
    perClient: null,
    batching: null,
  };
  return { ...document, clauses: [...document.clauses, drill], failureMode };
}

function k6Summary(p99: number): string {
  const trend = { med: 3, "p(95)": 8, "p(99)": p99, max: 100 };
  return JSON.stringify({ metrics: { http_req_duration: trend, http_reqs: { count: 100, rate: 10 } } });
}

function report(number: number, content: string) {
  const where = { target: "local" as const, tier: "cpu" as const, startedAt: "2026-11-01T00:00:00.000Z" };
  return { name, version: number, format: "k6" as const, content, runId: "pipeline 12", ...where };
}

describe("an attested curve", () => {
  test("that cannot be read is refused naming the field", async () => {
    const number = await version(who, { model: name });
    await expect(importLoad.call(who.ci, report(number, "{}"))).rejects.toMatchObject({
      code: "invalid",
      fields: { content: ["metrics: is missing"] },
    });
  });
});

describe("signing", () => {
  const draft = async (document: ContractDocument) =>
    (await draftContract.call(who.scientist, { slug: name, from: "document", document })).number;

  test("and submitting is refused with curve and alternatives when a named candidate's curve shows it infeasible", async () => {
    const number = await version(who, { model: name, unmeasured: true });
    await measured(name, number, slowCurve());
    const n = await draft(exampleDocument());
    const candidate = { model: name, version: number };
    const found = await getFeasibility.call(who.scientist, { slug: name, n, candidate: `${name}:${number}` });
    expect(found).toMatchObject({ verdict: "infeasible", versions: [{ version: number, servesOn: [] }] });
    const refused = {
      code: "precondition",
      message: expect.stringContaining("p99 75 ms at 97 requests/s"),
      details: { curve: { kind: "measured" }, alternatives: [{ kind: "lower_ceiling" }, {}, {}, {}] },
    };
    await expect(submitContract.call(who.scientist, { slug: name, n, candidate })).rejects.toMatchObject(refused);
    const { digest } = await submitContract.call(who.scientist, { slug: name, n });
    const signing = { slug: name, n, digest: digest ?? "", candidate };
    await expect(signContract.call(who.owner, signing)).rejects.toMatchObject(refused);
    expect(await db().contractSignature.count({ where: { contract: { useCase: { slug: name } } } })).toBe(0);
  });

  test("goes on while no version has a measured curve, and with a curve under which it holds", async () => {
    const n = await draft(exampleDocument());
    expect(await getFeasibility.call(who.owner, { slug: name, n })).toMatchObject({ verdict: "unknown", versions: [] });
    const number = await version(who, { model: name });
    const candidate = { model: name, version: number };
    const { digest } = await submitContract.call(who.scientist, { slug: name, n, candidate });
    await signContract.call(who.owner, { slug: name, n, digest: digest ?? "", candidate });
  });

  test("of an amendment is refused when the version that serves is too slow for it; a document can be asked about before", async () => {
    const n = await signedContract(who, name);
    const number = await version(who, { model: name });
    await serve(n, number);
    const fast = { ...exampleDocument() };
    fast.clauses = fast.clauses.map((each) => (each.id === "latency_p99" ? { ...each, target: 3, atRisk: 2.5 } : each));
    fast.clauses = fast.clauses.map((each) => (each.id === "latency_p95" ? { ...each, target: 1, atRisk: 0.8 } : each));
    expect(await getFeasibility.call(who.owner, { slug: name, document: fast })).toMatchObject({
      verdict: "infeasible",
      versions: [{ servesOn: [name], feasibility: { clauses: [{}, { measured: 4, target: 3, margin: -1 }, {}] } }],
    });
    const amended = await draft(fast);
    await expect(submitContract.call(who.scientist, { slug: name, n: amended })).rejects.toMatchObject({
      code: "precondition",
    });
  });

  /** Makes a version serve, as an applied promotion leaves it. */
  async function serve(n: number, number: number) {
    const { id: modelVersionId } = await versionRow(number);
    await inTransaction(async (tx) => {
      const contract = await tx.contract.findFirstOrThrow({ where: { number: n, useCase: { slug: name } } });
      const target = await tx.endpoint.findUniqueOrThrow({ where: { name } });
      const spec = { leaves: [], cannot: [] };
      const what = { endpointId: target.id, modelVersionId, contractId: contract.id, spec, specDigest: "0".repeat(64) };
      await setServingRevision(tx, { ...what, actor: who.sre });
    });
  }
});

describe("a run", () => {
  test("is asked for once, taken once, and beats while it is measured", async () => {
    const n = await signedContract(who, name);
    const number = await version(who, { model: name, unmeasured: true });
    const asked = { model: name, version: number, slug: name, n, kind: "load" as const };
    const first = await requestEvidenceRun.call(who.scientist, asked);
    expect((await requestEvidenceRun.call(who.sre, asked)).id).toBe(first.id);
    const taken = await Promise.all([take(), take()]);
    expect(taken.filter((each) => each !== null).map(({ id }) => id)).toEqual([first.id]);
    const progress = { step: 2, steps: 10, text: "50 requests/s" };
    expect(await inTransaction((tx) => reportProgress(tx, first.id, progress, now()))).toBe(true);
    expect(await getEvidenceRun.call(who.scientist, { id: first.id })).toMatchObject({ state: "running", progress });
  });

  test("whose worker died is taken again, and what a cancelled one found is not kept", async () => {
    const n = await signedContract(who, name);
    const number = await version(who, { model: name, unmeasured: true });
    const { id } = await requestEvidenceRun.call(who.scientist, {
      model: name,
      version: number,
      slug: name,
      n,
      kind: "load",
    });
    await take();
    expect(await take()).toBeNull();
    expect((await take(new Date(Date.now() + 61_000)))?.id).toBe(id);
    await cancelEvidenceRun.call(who.sre, { id });
    expect(await inTransaction((tx) => reportProgress(tx, id, null, now()))).toBe(false);
    const outcome = { kind: "load_curve" as const, payload: testCurve(), words: "holds" };
    expect(await inTransaction((tx) => concludeEvidenceRun(tx, id, outcome))).toBe(false);
    expect((await listEvidence.call(who.scientist, { name, version: number })).curves).toEqual([]);
    await expect(cancelEvidenceRun.call(who.sre, { id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("of a version that is not verified yet waits; a failed one is not repeated by itself, and the gate says why", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name, pending: true });
    const { id } = await promote(number);
    expect(await take()).toBeNull();
    const [run] = await runsOf(number);
    await inTransaction((tx) => tx.evidenceRun.update({ where: { id: run?.id ?? "" }, data: { state: "running" } }));
    const none = { kind: "none" as const, words: "The copy cannot be loaded." };
    await inTransaction((tx) => concludeEvidenceRun(tx, run?.id ?? "", none));
    await inTransaction((tx) => refreshPromotion(tx, id));
    expect(await runsOf(number)).toHaveLength(1);
    expect((await gateOf(id, "load_curve"))?.reasons.join(" ")).toContain("The copy cannot be loaded.");
  });

  test("under a draft measures load, but no failure mode", async () => {
    const number = await version(who, { model: name });
    const { number: n } = await draftContract.call(who.scientist, {
      slug: name,
      from: "document",
      document: exampleDocument(),
    });
    const asked = { model: name, version: number, slug: name, n };
    const queued = await requestEvidenceRun.call(who.scientist, { ...asked, kind: "load" });
    await cancelEvidenceRun.call(who.scientist, { id: queued.id });
    await expect(requestEvidenceRun.call(who.scientist, { ...asked, kind: "drill" })).rejects.toMatchObject({
      code: "precondition",
    });
  });
});
