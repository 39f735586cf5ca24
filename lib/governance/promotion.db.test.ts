import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Principal } from "@/lib/auth/schema";
import { db, disconnect, inTransaction } from "@/lib/db";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import { applyPromotion } from "@/lib/governance/commands/apply-promotion";
import { concludePromotion } from "@/lib/governance/commands/conclude-promotion";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { refreshPromotion } from "@/lib/governance/commands/refresh-promotion";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { withdrawPromotion } from "@/lib/governance/commands/withdraw-promotion";
import { countMyDecisions, getPromotion, listPromotions, previewPromotion } from "@/lib/governance/queries/promotions";
import { endpointStatus } from "@/lib/inference/desired-state";
import { run, type TestDatabase, testDatabase } from "@/prisma/test-database";
import {
  account,
  endpoint,
  makeUseCase,
  measured,
  type People,
  people,
  signedContract,
  verified,
  version,
} from "@/prisma/test-stage";

let database: TestDatabase;
let directory: string;
let who: People;
let count = 0;
/** A use case, its endpoint and its model, new for each test. */
let name: string;

beforeAll(async () => {
  database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "promotion-"));
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
});

const ask = (number: number, by: Principal = who.scientist) =>
  requestPromotion.call(by, { endpoint: name, model: name, version: number, comment: "it is better" });

async function decide(id: number, by: Principal, decision: "approve" | "reject" = "approve") {
  const { inputsDigest } = await getPromotion.call(by, { id });
  return decidePromotion.call(by, { id, decision, comment: "looked at it", inputsDigest });
}

async function requested(): Promise<number> {
  await signedContract(who, name);
  return (await ask(await version(who, { model: name }))).id;
}

const apply = (id: number) => inTransaction((tx) => applyPromotion(tx, id));

describe("request", () => {
  test("is refused without a signed contract", async () => {
    const number = await version(who, { model: name });
    await expect(ask(number)).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("no signed contract"),
    });
  });

  test("is refused with the gate when the evaluation misses a quality clause", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name, auc: 0.6 });
    await expect(ask(number)).rejects.toMatchObject({
      code: "precondition",
      message: expect.stringContaining("AUC ≥ 0.7: 0.6 on 20,000 rows"),
      details: { gate: expect.arrayContaining([expect.objectContaining({ gate: "quality", status: "fail" })]) },
    });
  });

  test("is refused when the model does not take the contract's features", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name, features: ["distance", "hour"] });
    await expect(ask(number)).rejects.toThrow("Column 1 is distance in the model and hour in the contract");
  });

  test("names what is unknown by its field", async () => {
    await signedContract(who, name);
    await version(who, { model: name });
    await expect(ask(9)).rejects.toMatchObject({ code: "invalid", fields: { version: ["no such version"] } });
    const nowhere = { endpoint: "nowhere", model: name, version: 1, comment: "x" };
    await expect(requestPromotion.call(who.scientist, nowhere)).rejects.toMatchObject({
      fields: { endpoint: ["no such endpoint"] },
    });
  });

  test("is let in while evidence is missing, which blocks the approval until it arrives", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name, pending: true });
    const { id } = await ask(number);
    await expect(decide(id, who.validator)).rejects.toMatchObject({ code: "precondition" });
    await verified(name, number);
    await measured(name, number);
    expect(await decide(id, who.validator)).toMatchObject({ state: "in_review" });
  });

  test("a second one on the same endpoint is refused while one is open, also at the same time", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name });
    const answers = await Promise.allSettled([ask(number), ask(number), ask(number)]);
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(ask(number)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("is open on"),
    });
  });

  test("of what serves already is refused, until an amendment has to come into force, whatever it changes", async () => {
    const id = await requested();
    for (const person of [who.validator, who.governance]) await decide(id, person);
    await apply(id);
    // What the worker writes once the revision answers.
    const ready = { name, generation: 1, state: "ready", serving: `${name}-r1`, warm: null, refused: null };
    const rest = { reason: null, url: null, pid: null, restarts: 0, mode: null, eventsDropped: 0, spoolBytes: 0 };
    const status = endpointStatus.parse({ ...ready, ...rest });
    await inTransaction((tx) => recordObservation(tx, status, new Date()));
    expect(await inTransaction((tx) => concludePromotion(tx, id))).toBe("active");
    await expect(ask(1)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("already") });
    await signedContract(who, name, (document) => ({ ...document, purpose: "Rebook connections more carefully" }));
    expect(await ask(1)).toMatchObject({ state: "in_review", version: 1, contract: 2 });
  });

  test("the preview says the same before anything is requested", async () => {
    await signedContract(who, name);
    const number = await version(who, { model: name, auc: 0.6 });
    const preview = await previewPromotion.call(who.scientist, { endpoint: name, model: name, version: number });
    expect(preview.refusal).toContain("AUC ≥ 0.7");
    expect(await db().promotion.count({ where: { endpoint: { name } } })).toBe(0);
  });
});

describe("decision", () => {
  test("two slots by two people approve it, and applying makes it the desired state", async () => {
    const id = await requested();
    expect(await decide(id, who.validator)).toMatchObject({ state: "in_review" });
    expect(await decide(id, who.governance)).toMatchObject({ state: "approved" });
    expect(await apply(id)).toBe("applying");
    expect(await apply(id)).toBe("nothing");
    const row = await db().endpoint.findUnique({ where: { name }, include: { serving: true, warm: true } });
    expect(row).toMatchObject({ generation: 1, serving: { name: `${name}-r1`, number: 1 }, warm: null });
    const audited = await db().auditEvent.findMany({ where: { subject: `${id}` }, orderBy: { id: "asc" } });
    expect(audited.map(({ action }) => action)).toEqual([
      "promotion.request",
      "promotion.approve",
      "promotion.approve",
      "promotion.apply",
    ]);
  });

  test("the requester is refused, whatever their roles, and the attempt is on record", async () => {
    await signedContract(who, name);
    const both = await account(`both-${name}`, ["scientist", "validator", "governance"]);
    const { id } = await ask(await version(who, { model: name }), both);
    for (const decision of ["approve", "reject"] as const) {
      await expect(decide(id, both, decision)).rejects.toMatchObject({ code: "forbidden" });
    }
    const refused = await db().auditEvent.count({ where: { actor: both.email, outcome: "refused", subject: `${id}` } });
    expect(refused).toBe(2);
  });

  test("the registrar is refused", async () => {
    await signedContract(who, name);
    const registrar = await account(`registrar-${name}`, ["ci", "validator"], "service");
    const number = await version({ ...who, ci: registrar }, { model: name });
    const { id } = await ask(number);
    await expect(decide(id, registrar)).rejects.toMatchObject({ code: "forbidden" });
    await expect(decide(id, { ...registrar, kind: "person" })).rejects.toThrow("You registered this version");
  });

  test("one person does not fill both slots", async () => {
    const id = await requested();
    const both = await account(`two-roles-${name}`, ["validator", "governance"]);
    await expect(decide(id, both)).rejects.toMatchObject({ code: "invalid" });
    const { inputsDigest } = await getPromotion.call(both, { id });
    const approve = { id, decision: "approve", comment: "ok", inputsDigest } as const;
    await decidePromotion.call(both, { ...approve, slot: "validator" });
    await expect(decidePromotion.call(both, { ...approve, slot: "governance" })).rejects.toThrow(
      "needs another person",
    );
    expect((await getPromotion.call(both, { id })).state).toBe("in_review");
  });

  test("of many who decide at once, each slot has one winner, and the slots belong to two people", async () => {
    const id = await requested();
    const crowd = await Promise.all(
      Array.from({ length: 4 }, (_, k) => [
        account(`validator-${k}-${name}`, ["validator"]),
        account(`governance-${k}-${name}`, ["governance"]),
      ]).flat(),
    );
    const answers = await Promise.allSettled(crowd.map((person) => decide(id, person)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    const lost = answers.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
    expect(new Set(lost)).toEqual(new Set(["conflict"]));
    const decisions = await db().promotionDecision.findMany({ where: { promotionId: id } });
    expect(new Set(decisions.map(({ slot }) => slot))).toEqual(new Set(["validator", "governance"]));
    expect(new Set(decisions.map(({ userId }) => userId)).size).toBe(2);
    expect((await getPromotion.call(who.scientist, { id })).state).toBe("approved");
  });

  test("a rejection needs a comment, is final, and frees the endpoint", async () => {
    const id = await requested();
    const { inputsDigest } = await getPromotion.call(who.validator, { id });
    const silent = { id, decision: "reject", comment: " ", inputsDigest } as const;
    await expect(decidePromotion.call(who.validator, silent)).rejects.toMatchObject({ code: "invalid" });
    expect(await decide(id, who.validator, "reject")).toMatchObject({ state: "rejected" });
    await expect(decide(id, who.governance)).rejects.toMatchObject({ code: "conflict" });
    expect(await apply(id)).toBe("nothing");
    expect(await ask(1)).toMatchObject({ state: "in_review" });
  });

  test("a decision over another digest is refused with the difference", async () => {
    const id = await requested();
    const { inputsDigest } = await getPromotion.call(who.validator, { id });
    await signedContract(who, name, (document) => ({ ...document, purpose: "Rebook connections more carefully" }));
    const late = { id, decision: "approve", comment: "ok", inputsDigest } as const;
    await expect(decidePromotion.call(who.validator, late)).rejects.toMatchObject({
      code: "conflict",
      details: { difference: expect.arrayContaining([{ path: "contract.number", before: 1, after: 2 }]) },
    });
  });
});

describe("a change of the inputs", () => {
  test("makes approvals stale, with the difference; they must be given again", async () => {
    const id = await requested();
    await decide(id, who.validator);
    await signedContract(who, name, (document) => ({ ...document, purpose: "Rebook connections more carefully" }));
    const after = await getPromotion.call(who.governance, { id });
    expect(after.slots[0]).toMatchObject({ slot: "validator", state: "stale" });
    expect(after.decisions[0]?.changes.map(({ path: changed }) => changed)).toContain("contract.digest");
    expect(await decide(id, who.governance)).toMatchObject({ state: "in_review" });
    expect(await decide(id, who.validator)).toMatchObject({ state: "approved", contract: 2 });
  });

  test("between the last approval and the applying transaction sends it back into review", async () => {
    const id = await requested();
    await decide(id, who.validator);
    await decide(id, who.governance);
    await signedContract(who, name, (document) => ({ ...document, purpose: "Rebook connections more carefully" }));
    expect(await apply(id)).toBe("in_review");
    const row = await getPromotion.call(who.scientist, { id });
    expect(row).toMatchObject({ state: "in_review", stateReason: expect.stringContaining("stale") });
    expect(await db().endpoint.findUnique({ where: { name } })).toMatchObject({
      generation: 0,
      servingId: null,
    });
  });

  test("reaches the lists through the refresh, once", async () => {
    const id = await requested();
    await decide(id, who.validator);
    await signedContract(who, name, (document) => ({ ...document, purpose: "Rebook connections more carefully" }));
    expect(await inTransaction((tx) => refreshPromotion(tx, id))).toBe(true);
    expect(await inTransaction((tx) => refreshPromotion(tx, id))).toBe(false);
    const { items } = await listPromotions.call(who.validator, { endpoint: name, state: "open" });
    expect(items[0]).toMatchObject({ id, waitsForMe: true, slots: [{ state: "stale" }, { state: "waiting" }] });
  });
});

describe("withdrawal", () => {
  test("is the requester's or the owner's, and final", async () => {
    const id = await requested();
    const other = await account(`other-${name}`, ["scientist"]);
    await expect(withdrawPromotion.call(other, { id })).rejects.toMatchObject({ code: "forbidden" });
    expect(await withdrawPromotion.call(who.owner, { id })).toMatchObject({ state: "withdrawn" });
    await expect(withdrawPromotion.call(who.scientist, { id })).rejects.toMatchObject({ code: "conflict" });
    await expect(decide(id, who.validator)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("the database refuses as well", () => {
  const insert = (id: number, by: Principal) =>
    run(database.app, [
      `insert into promotion_decision (promotion_id, slot, decision, user_id, email, comment, inputs, inputs_digest)
       values (${id}, 'validator', 'approve', '${by.id}', '${by.email}', 'x', '{}', '${"0".repeat(64)}')`,
    ]);
  const DENIED = { code: "42501" };

  test("a decision of the requester, the registrar or a service account; a change of a decision", async () => {
    const id = await requested();
    await expect(insert(id, who.scientist)).rejects.toMatchObject(DENIED);
    await expect(insert(id, who.ci)).rejects.toMatchObject(DENIED);
    await insert(id, who.validator);
    const change = "update promotion_decision set decision = 'reject'";
    await expect(run(database.app, [change])).rejects.toMatchObject(DENIED);
  });

  test("a state without its approvals, a changed request, and a promotion that begins anywhere but in review", async () => {
    const id = await requested();
    const refused = (sql: string) => expect(run(database.app, [sql]), sql).rejects.toMatchObject(DENIED);
    const set = (change: string) => `update promotion set ${change} where id = ${id}`;
    await decide(id, who.validator);
    for (const state of ["approved", "applying", "active", "superseded"]) await refused(set(`state = '${state}'`));
    await refused(set(`requested_by_id = '${who.validator.id}'`));
    await refused(`delete from promotion where id = ${id}`);
    await decide(id, who.governance);
    await refused(set(`inputs_digest = '${"0".repeat(64)}'`));
    await refused(set("state = 'applying'"));
    await run(database.app, [set("state = 'withdrawn'")]);
    const columns =
      "endpoint_id, model_version_id, contract_id, requested_by, requested_by_id, comment, inputs, inputs_digest, gate";
    await refused(
      `insert into promotion (state, ${columns}) select 'approved', ${columns} from promotion where id = ${id}`,
    );
  });

  test("a revision without a signed contract or a verified version, a changed one, and one of another endpoint", async () => {
    const id = await requested();
    for (const person of [who.validator, who.governance]) await decide(id, person);
    const pending = await version(who, { model: name, auc: 0.8, pending: true });
    const insert = (
      versionNumber: number,
    ) => `insert into revision (endpoint_id, number, name, model_version_id, contract_id, spec, spec_digest)
      select p.endpoint_id, 7, 'sneaked', v.id, p.contract_id, '{}', '0' from promotion p, model_version v
      join registered_model m on m.id = v.model_id where p.id = ${id} and m.name = '${name}' and v.number = ${versionNumber}`;
    await expect(run(database.app, [insert(pending)])).rejects.toMatchObject(DENIED);
    await apply(id);
    const change = `update revision set spec = '{}' where name = '${name}-r1'`;
    await expect(run(database.app, [change])).rejects.toMatchObject(DENIED);
    const other = `update endpoint set generation = 9, serving_id = (select id from revision where name = '${name}-r1')
      where name = 'case-1'`;
    await expect(run(database.app, [other])).rejects.toMatchObject(DENIED);
  });

  test("a second open promotion, and another serving revision without a higher generation", async () => {
    const id = await requested();
    const copy = `insert into promotion (endpoint_id, model_version_id, contract_id, requested_by, requested_by_id, comment, inputs, inputs_digest, gate)
      select endpoint_id, model_version_id, contract_id, requested_by, requested_by_id, comment, inputs, inputs_digest, gate from promotion where id = ${id}`;
    await expect(run(database.app, [copy])).rejects.toMatchObject({ constraint: "promotion_one_open" });
    await decide(id, who.validator);
    await decide(id, who.governance);
    await apply(id);
    const sneak = `update endpoint set serving_id = null where name = '${name}'`;
    await expect(run(database.app, [sneak])).rejects.toMatchObject(DENIED);
  });
});

test("what waits for a person is counted for that person only", async () => {
  const before = await countMyDecisions.call(who.validator, {});
  const id = await requested();
  expect(await countMyDecisions.call(who.validator, {})).toEqual({ count: before.count + 1 });
  expect(await countMyDecisions.call(who.scientist, {})).toEqual({ count: 0 });
  await decide(id, who.validator);
  expect(await countMyDecisions.call(who.validator, {})).toEqual(before);
});

test("an unknown promotion is not found", async () => {
  await expect(getPromotion.call(who.validator, { id: 999_999 })).rejects.toMatchObject({ code: "not_found" });
});
