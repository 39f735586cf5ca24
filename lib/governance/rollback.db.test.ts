import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Principal } from "@/lib/auth/schema";
import { db, disconnect, inTransaction } from "@/lib/db";
import { adoptHostRollback } from "@/lib/deployments/commands/adopt-host-rollback";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { getEndpoint } from "@/lib/deployments/queries";
import { applyPromotion } from "@/lib/governance/commands/apply-promotion";
import { concludePromotion } from "@/lib/governance/commands/conclude-promotion";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { supersedePromotion } from "@/lib/governance/commands/supersede-promotion";
import { getPromotion } from "@/lib/governance/queries/promotions";
import { previewRollback } from "@/lib/governance/queries/rollback";
import { type EndpointStatus, endpointStatus } from "@/lib/inference/desired-state";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";

let directory: string;
let who: People;
let count = 0;
/** A use case with its endpoint and model, on which two promotions served, the second still does. */
let name: string;
/** Of the promotions. */
let ids: number[];

beforeAll(async () => {
  await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "rollback-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  who = await people();
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  count += 1;
  name = `back-${count}`;
  await makeUseCase(who, name);
  await endpoint(who, name);
  await signed();
  ids = [await promoted(0.75), await promoted(0.76)];
});

/** The next contract; without clauses that want a load curve, which no version here has. */
const signed = () =>
  signedContract(who, name, (document) => ({
    ...document,
    clauses: document.clauses.filter(({ kind }) => kind !== "latency" && kind !== "throughput"),
  }));

/** Requested, approved by two and wanted; its id. */
async function applied(auc: number): Promise<number> {
  const number = await version(who, { model: name, auc });
  const { id } = await requestPromotion.call(who.scientist, {
    endpoint: name,
    model: name,
    version: number,
    comment: "next",
  });
  for (const by of [who.validator, who.governance]) {
    const { inputsDigest } = await getPromotion.call(by, { id });
    await decidePromotion.call(by, { id, decision: "approve", comment: "seen", inputsDigest });
  }
  await inTransaction((tx) => applyPromotion(tx, id));
  return id;
}

async function promoted(auc: number): Promise<number> {
  const id = await applied(auc);
  await observed();
  await inTransaction((tx) => concludePromotion(tx, id));
  return id;
}

async function rowOf() {
  const row = await db().endpoint.findUnique({ where: { name }, include: { serving: true, warm: true } });
  if (!row) throw new Error(`there is no endpoint ${name}`);
  return row;
}

/** The target reports that it does what is wanted, or this. */
async function observed(change: Partial<EndpointStatus> = {}): Promise<EndpointStatus> {
  const { generation, serving, warm } = await rowOf();
  const status = endpointStatus.parse({
    ...{ name, generation, state: "ready", reason: null, url: "http://127.0.0.1:9100", pid: 1, refused: null },
    ...{ serving: serving?.name ?? null, warm: warm?.name ?? null },
    ...{ restarts: 0, mode: "inline", eventsDropped: 0, spoolBytes: 0, ...change },
  });
  await inTransaction((tx) => recordObservation(tx, status, new Date()));
  return status;
}

const order = (change: object = {}) => ({ name, confirm: name, generation: 2, reason: "errors since noon", ...change });
const back = (change: object = {}, by: Principal = who.sre) => rollBackEndpoint.call(by, order(change));
const trail = () =>
  db().auditEvent.findMany({ where: { subject: name, action: "endpoint.rollback" }, orderBy: { id: "asc" } });

describe("rollback", () => {
  test("the warm revision serves again, what served is warm, and who, why and from what is on record", async () => {
    const done = await back();
    expect(done).toMatchObject({
      generation: 3,
      serving: { revision: `${name}-r1` },
      warm: { revision: `${name}-r2` },
    });
    expect(await trail()).toEqual([
      expect.objectContaining({
        ...{ actor: who.sre.email, outcome: "done", subjectType: "endpoint", reason: "errors since noon" },
        before: { serving: `${name}-r2`, warm: `${name}-r1`, generation: 2 },
        after: { serving: `${name}-r1`, warm: `${name}-r2`, generation: 3 },
      }),
    ]);
  });

  test("goes to an older revision than the warm one when it is named", async () => {
    await promoted(0.77);
    const done = await back({ generation: 3, to: `${name}-r1` });
    expect(done).toMatchObject({ serving: { revision: `${name}-r1` }, warm: { revision: `${name}-r3` } });
  });

  test("an endpoint that moved since it was shown is a conflict with what it is now, and nothing happens", async () => {
    await expect(back({ generation: 1 })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`generation 1 is now 2, ${name}-r2 serves and ${name}-r1 is warm`),
      details: { shown: 1, now: { generation: 2, serving: `${name}-r2`, warm: `${name}-r1` } },
    });
    expect((await rowOf()).generation).toBe(2);
  });

  test("two people at the same time take one step back, and the second is told", async () => {
    const answers = await Promise.allSettled([back(), back()]);
    expect(answers.map((each) => (each.status === "fulfilled" ? "done" : each.reason.code)).sort()).toEqual([
      "conflict",
      "done",
    ]);
    expect((await rowOf()).serving?.name).toBe(`${name}-r1`);
  });

  test("other roles are refused, and the attempt is on record", async () => {
    for (const person of [who.scientist, who.owner, who.validator, who.governance, who.ci]) {
      await expect(back({}, person)).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("sre"),
      });
    }
    const refused = await db().auditEvent.count({ where: { action: "endpoint.rollback", outcome: "refused" } });
    expect(refused).toBeGreaterThanOrEqual(5);
    expect((await rowOf()).generation).toBe(2);
  });

  test("wants the endpoint's name and a reason", async () => {
    await expect(back({ confirm: "other" })).rejects.toMatchObject({ fields: { confirm: [`this is not ${name}`] } });
    await expect(back({ reason: " " })).rejects.toMatchObject({ fields: { reason: [expect.stringContaining("why")] } });
    await expect(back({ name: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
  });

  test("goes to no revision that serves already, never answered, was refused, or is of another endpoint", async () => {
    await expect(back({ to: `${name}-r2` })).rejects.toMatchObject({ code: "precondition" });
    await expect(back({ to: "other-r1" })).rejects.toMatchObject({ code: "invalid" });
    await observed({ refused: { revision: `${name}-r1`, reason: "SIGSEGV" } });
    await expect(back()).rejects.toMatchObject({ code: "precondition", message: expect.stringContaining("SIGSEGV") });
    const id = await applied(0.78); // never answers
    await back({ generation: 3, to: `${name}-r2` });
    await inTransaction((tx) => concludePromotion(tx, id));
    await expect(back({ generation: 4, to: `${name}-r3` })).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("has never answered"),
    });
  });

  test("what the target refused is not kept warm", async () => {
    await observed({ serving: `${name}-r1`, refused: { revision: `${name}-r2`, reason: "SIGSEGV" } });
    expect(await back()).toMatchObject({ serving: { revision: `${name}-r1` }, warm: null });
  });

  test("a promotion that was being applied fails with the reason, and the endpoint takes another", async () => {
    const id = await applied(0.78);
    await back({ generation: 3, to: `${name}-r2` });
    expect(await inTransaction((tx) => concludePromotion(tx, id))).toBe("failed");
    expect((await getPromotion.call(who.sre, { id })).stateReason).toContain(`${name}-r2 was made to serve`);
    expect((await rowOf()).serving?.name).toBe(`${name}-r2`);
    expect(await promoted(0.79)).toBeGreaterThan(id);
  });

  test("the promotion that was active is superseded once the earlier revision answers, and not before", async () => {
    const [, second = 0] = ids;
    const supersede = () => inTransaction((tx) => supersedePromotion(tx, second));
    expect(await supersede()).toBe(false);
    await back();
    expect(await supersede()).toBe(false);
    await observed();
    expect(await supersede()).toBe(true);
    expect(await getPromotion.call(who.sre, { id: second })).toMatchObject({
      state: "superseded",
      stateReason: `by a rollback to ${name}-r1`,
    });
    expect(await supersede()).toBe(false);
  });
});

describe("preview", () => {
  const preview = () => previewRollback.call(who.scientist, { name });

  test("shows what serves and what it would go back to: version, contract, approvals, loaded, served from and to", async () => {
    const shown = await preview();
    expect(shown).toMatchObject({
      generation: 2,
      warm: `${name}-r1`,
      current: { revision: `${name}-r2`, servedTo: null },
    });
    expect(shown.candidates).toEqual([
      expect.objectContaining({
        ...{ revision: `${name}-r1`, model: name, version: 1, contract: { number: 1, supersededBy: null } },
        ...{ promotion: ids[0], loaded: true, refusal: null, breaches: [] },
        servedFrom: expect.any(String),
        servedTo: expect.any(String),
      }),
    ]);
    const [first] = shown.candidates;
    expect(first?.approvals.hold).toBe(true);
    expect(first?.approvals.words).toContain(
      `${who.validator.email} (validator) and ${who.governance.email} (governance)`,
    );
  });

  test("approvals under a contract that was superseded do not hold, in words", async () => {
    await signed();
    const [first] = (await preview()).candidates;
    expect(first).toMatchObject({ contract: { number: 1, supersededBy: 2 }, approvals: { hold: false } });
    expect(first?.approvals.words).toContain("contract v1 was superseded by v2: v1 governs again");
  });

  test("says what has to load first, and what the target refused", async () => {
    await observed({ warm: null, refused: { revision: `${name}-r1`, reason: "SIGSEGV" } });
    expect((await preview()).candidates[0]).toMatchObject({
      loaded: false,
      refusal: expect.stringContaining("SIGSEGV"),
    });
  });

  test("names the clauses that were breached when a revision stopped serving, and those that are now", async () => {
    const { id: endpointId, serving } = await rowOf();
    const contractId = serving?.contractId ?? "";
    const replaced = Date.parse((await preview()).candidates[0]?.servedTo ?? "");
    const breach = (clauseId: string, openedAt: number, closedAt: number | null) => ({
      ...{ endpointId, contractId, clauseId, opening: {} },
      ...{ openedAt: new Date(openedAt), closedAt: closedAt === null ? null : new Date(closedAt) },
    });
    const from = Date.parse((await preview()).candidates[0]?.servedFrom ?? "");
    await inTransaction((tx) =>
      tx.breach.createMany({
        data: [
          breach("then", from, replaced + 1),
          breach("closed_before", from, from + 1),
          breach("now", replaced + 1, null),
        ],
      }),
    );
    const shown = await preview();
    expect([shown.candidates[0]?.breaches, shown.current?.breaches]).toEqual([["then"], ["now"]]);
  });

  test("an endpoint that never served has nothing to go back to", async () => {
    await makeUseCase(who, `${name}-new`);
    await endpoint(who, `${name}-new`);
    const shown = await previewRollback.call(who.sre, { name: `${name}-new` });
    expect(shown).toMatchObject({ current: null, warm: null, candidates: [] });
    await expect(back({ name: `${name}-new`, confirm: `${name}-new`, generation: 0 })).rejects.toMatchObject({
      code: "precondition",
    });
  });
});

describe("a rollback of the host", () => {
  const at = Date.UTC(2026, 0, 1, 12);
  const host = (generation: number) => ({
    rolledBack: { from: `${name}-r2`, to: `${name}-r1`, at, by: "ops@host", reason: "portal was down", generation },
  });
  const adopt = async (generation: number) => {
    const status = await observed(host(generation));
    return inTransaction((tx) => adoptHostRollback(tx, status));
  };

  test("is taken over with its generation, once, and on record with who, when and why", async () => {
    expect(await adopt(3)).toBe(true);
    expect(await adopt(3)).toBe(false);
    const shown = await getEndpoint.call(who.sre, { name });
    expect(shown).toMatchObject({
      generation: 3,
      serving: { revision: `${name}-r1` },
      warm: { revision: `${name}-r2` },
    });
    expect(await trail()).toEqual([
      expect.objectContaining({
        ...{ actor: "ops@host", reason: "portal was down" },
        before: { serving: `${name}-r2`, warm: `${name}-r1`, generation: 2 },
        after: expect.objectContaining({
          ...{ serving: `${name}-r1`, warm: `${name}-r2`, generation: 3 },
          host: { at: new Date(at).toISOString(), generation: 3, from: `${name}-r2`, overrode: null },
        }),
      }),
    ]);
  });

  test("two workers at the same time take it over once", async () => {
    const status = await observed(host(3));
    const both = await Promise.all([1, 2].map(() => inTransaction((tx) => adoptHostRollback(tx, status))));
    expect(both.sort()).toEqual([false, true]);
    expect(await trail()).toHaveLength(1);
  });

  test("wins over what the portal wanted meanwhile under the same generation, and says what that was", async () => {
    const id = await applied(0.78); // generation 3 of the portal
    expect(await adopt(3)).toBe(true);
    expect(await adopt(3)).toBe(false);
    expect(await getEndpoint.call(who.sre, { name })).toMatchObject({
      generation: 4,
      serving: { revision: `${name}-r1` },
    });
    expect((await trail())[0]?.after).toMatchObject({ host: { overrode: `${name}-r3` } });
    expect(await inTransaction((tx) => concludePromotion(tx, id))).toBe("failed");
  });

  test("a later one of the same host is another one", async () => {
    await adopt(3);
    const again = { ...host(4).rolledBack, from: `${name}-r1`, to: `${name}-r2`, at: at + 60_000 };
    const status = await observed({ rolledBack: again });
    expect(await inTransaction((tx) => adoptHostRollback(tx, status))).toBe(true);
    expect(await getEndpoint.call(who.sre, { name })).toMatchObject({
      generation: 4,
      serving: { revision: `${name}-r2` },
    });
  });

  test("to a revision that is not known here is refused with its name, and changes nothing", async () => {
    const status = await observed({ rolledBack: { ...host(3).rolledBack, to: "foreign-r1" } });
    await expect(inTransaction((tx) => adoptHostRollback(tx, status))).rejects.toMatchObject({
      message: expect.stringContaining("foreign-r1"),
    });
    expect((await rowOf()).generation).toBe(2);
  });
});
