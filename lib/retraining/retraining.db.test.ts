import { afterAll, beforeAll, expect, test } from "vitest";
import { db, disconnect, inTransaction } from "@/lib/db";
import { closeRetraining } from "@/lib/retraining/commands/close-retraining";
import { proposeRetraining } from "@/lib/retraining/commands/propose-retraining";
import { listRetraining } from "@/lib/retraining/queries";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract } from "@/prisma/test-stage";

let who: People;
const wish = {
  clause: "quality_auc",
  from: "2001-05-01",
  to: "2001-05-21",
  reason: "The routes changed their habits in May.",
};

beforeAll(async () => {
  await testDatabase();
  who = await people();
  await makeUseCase(who, "retrain");
  await endpoint(who, "retrain");
  await signedContract(who, "retrain");
  const says = {
    state: "breached",
    reason: "0.69 against at least 0.7",
    value: 0.69,
    low: 0.68,
    high: 0.695,
    n: 5000n,
  };
  await inTransaction(async (tx) => {
    const { id } = await tx.endpoint.findUniqueOrThrow({ where: { name: "retrain" } });
    const contract = await tx.contract.findFirstOrThrow({ where: { useCase: { slug: "retrain" } } });
    await tx.clauseState.create({
      data: { endpointId: id, contractId: contract.id, clauseId: "quality_auc", ...says },
    });
  });
});
afterAll(disconnect);

test("a proposal keeps what the ledger said, is open once per clause, and closes with its outcome", async () => {
  const name = "retrain";
  const both = await Promise.allSettled([1, 2].map(() => proposeRetraining.call(who.scientist, { name, ...wish })));
  const codes = both.map((each) => (each.status === "fulfilled" ? each.value.state : each.reason.code));
  expect(codes.sort()).toEqual(["conflict", "open"]);

  const { items } = await listRetraining.call(who.validator, { name });
  expect(items).toHaveLength(1);
  const [open] = items;
  expect(open).toMatchObject({
    clause: "quality_auc",
    from: "2001-05-01T00:00:00.000Z",
    clauseSays: { state: "breached", value: 0.69, n: 5000 },
    proposedBy: who.scientist.email,
  });

  const close = () => closeRetraining.call(who.owner, { name, id: open?.id ?? "", outcome: "v3 was promoted" });
  expect(await close()).toMatchObject({ state: "closed", outcome: "v3 was promoted", closedBy: who.owner.email });
  await expect(close()).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("v3 was promoted"),
  });
  const audited = await db().auditEvent.findMany({ where: { action: { startsWith: "retraining." } } });
  expect(audited.map(({ action, outcome }) => `${action} ${outcome}`).sort()).toEqual([
    "retraining.close done",
    "retraining.propose done",
  ]);
});

test("pages go on after each other without losing or repeating a proposal", async () => {
  for (let n = 0; n < 3; n++) {
    const { id } = await proposeRetraining.call(who.scientist, { name: "retrain", ...wish });
    await closeRetraining.call(who.scientist, { name: "retrain", id, outcome: `try ${n}` });
  }
  const seen: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await listRetraining.call(who.scientist, { name: "retrain", limit: 1, ...(cursor && { cursor }) });
    seen.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toHaveLength(await db().retrainingProposal.count());
});

test("what cannot be proposed is refused by its field", async () => {
  const propose = (change: object) => proposeRetraining.call(who.scientist, { name: "retrain", ...wish, ...change });
  await expect(propose({ name: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
  await expect(propose({ clause: "nothing" })).rejects.toMatchObject({ code: "precondition" });
  await expect(propose({ to: "2001-05-01" })).rejects.toMatchObject({ code: "invalid" });
  await expect(propose({ reason: "" })).rejects.toMatchObject({ code: "invalid" });
  await expect(proposeRetraining.call(who.validator, { name: "retrain", ...wish })).rejects.toMatchObject({
    code: "forbidden",
  });
});
