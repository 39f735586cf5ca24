import { describe, expect, test } from "vitest";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { updateDraft } from "@/lib/contracts/commands/update-draft";
import { withdrawContract } from "@/lib/contracts/commands/withdraw-contract";
import { exampleDocument } from "@/lib/contracts/test-document";
import { db } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { getContract } from "@/lib/governance/queries/contracts";
import { listUseCaseHistory } from "@/lib/governance/queries/use-case-history";
import { toResult } from "@/lib/operation";
import { contractWorld, refusal, withP99 } from "@/prisma/test-contracts";
import { run } from "@/prisma/test-database";

const world = contractWorld();
const app = () => world.database?.app ?? "";
const auditOf = (action: string) =>
  db().auditEvent.findMany({ where: { action, subject: { startsWith: `${world.slug}/` } }, orderBy: { id: "asc" } });

describe("a submitted contract", () => {
  test("has the digest of its canonical document, and is not edited any more", async () => {
    const { n, digest } = await world.submitted();
    expect(digest).toBe(digestOf(exampleDocument()));
    expect(
      await refusal(() =>
        updateDraft.call(world.as("scientist"), { slug: world.slug, n, revision: 1, document: withP99(40) }),
      ),
    ).toMatchObject({
      code: "conflict",
    });
    await expect(
      run(app(), [`update contract set document = '{}' where digest = '${digest}' and state = 'submitted'`]),
    ).rejects.toMatchObject({ code: "42501" });
  });
  test("can be withdrawn, stays on record, and a copy of it can begin", async () => {
    const { n, digest } = await world.submitted();
    await signContract.call(world.as("owner"), { slug: world.slug, n, digest });
    await withdrawContract.call(world.as("scientist"), { slug: world.slug, n, comment: "wrong ceiling" });
    expect(await getContract.call(world.as("finance"), { slug: world.slug, n })).toMatchObject({
      state: "withdrawn",
      signatures: [{ slot: "owner" }],
    });
    expect(await refusal(() => signContract.call(world.as("sre"), { slug: world.slug, n, digest }))).toMatchObject({
      code: "conflict",
    });
    expect(await draftContract.call(world.as("scientist"), { slug: world.slug, from: "copy", of: n })).toMatchObject({
      number: 2,
    });
    expect(await auditOf("contract.withdraw")).toMatchObject([{ reason: "wrong ceiling" }]);
  });
});

describe("signing", () => {
  test("by owner, SRE and governance makes it signed, each step on record", async () => {
    const { n, digest } = await world.submitted();
    expect(
      await signContract.call(world.as("owner"), { slug: world.slug, n, digest, comment: "agreed" }),
    ).toMatchObject({
      state: "submitted",
      missing: ["sre", "governance"],
    });
    expect(await getContract.call(world.as("scientist"), { slug: world.slug, n })).toMatchObject({
      missing: [
        { slot: "sre", people: ["both@example.com", "sre@example.com"] },
        { slot: "governance", people: ["both@example.com", "governance@example.com"] },
      ],
      signing: { slots: [], reason: expect.stringContaining("roles owner, sre, governance") },
    });
    await signContract.call(world.as("sre"), { slug: world.slug, n, digest: `sha256:${digest}` });
    expect(await signContract.call(world.as("governance"), { slug: world.slug, n, digest })).toMatchObject({
      state: "signed",
      missing: [],
    });
    expect(await getContract.call(world.as("finance"), { slug: world.slug, n })).toMatchObject({
      standing: "signed",
      inForceOn: [],
      signedAt: expect.any(String),
    });
    expect(await auditOf("contract.sign")).toMatchObject([
      { actor: "owner@example.com", after: { slot: "owner", digest, comment: "agreed", state: "submitted" } },
      { actor: "sre@example.com", after: { slot: "sre", state: "submitted" } },
      { actor: "governance@example.com", after: { slot: "governance", state: "signed" } },
    ]);
    const history = await listUseCaseHistory.call(world.as("finance"), { slug: world.slug, limit: 2 });
    expect(history.items.map(({ what }) => what)).toEqual([
      "Contract v1 signed as governance, the last of three",
      "Contract v1 signed as sre",
    ]);
    const cursor = history.nextCursor ?? "";
    const older = await listUseCaseHistory.call(world.as("finance"), { slug: world.slug, cursor });
    expect(older.items.at(-1)).toMatchObject({ what: "Use case created", actor: "scientist@example.com" });
    expect(older.items).toHaveLength(4);
  });

  test("is refused for a draft, for another digest, and in a slot that is taken", async () => {
    const draft = await draftContract.call(world.as("scientist"), {
      slug: world.slug,
      from: "document",
      document: exampleDocument(),
    });
    const digest = digestOf(exampleDocument());
    const call = (name: string, shown: string) =>
      refusal(() => signContract.call(world.as(name), { slug: world.slug, n: draft.number, digest: shown }));
    expect(await call("owner", digest)).toMatchObject({ code: "conflict", message: expect.stringContaining("draft") });
    await submitContract.call(world.as("scientist"), { slug: world.slug, n: draft.number });
    expect(await call("owner", "0".repeat(64))).toMatchObject({
      code: "conflict",
      fields: { digest: [expect.any(String)] },
    });
    expect(await call("owner", "abc")).toMatchObject({ code: "invalid" });
    await signContract.call(world.as("owner"), { slug: world.slug, n: draft.number, digest });
    expect(await call("second-owner", digest)).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("owner already"),
    });
    expect(await db().contractSignature.count({ where: { digest, contract: { useCase: { slug: world.slug } } } })).toBe(
      1,
    );
  });

  test("is refused, on record, to the same person twice, to a service account and without the role", async () => {
    const { n, digest } = await world.submitted();
    await signContract.call(world.as("both"), { slug: world.slug, n, digest, slot: "sre" });
    const attempts = [
      { name: "both", slot: "governance" as const, words: "You already signed as sre" },
      { name: "robot", slot: undefined, words: "service account" },
      { name: "sre", slot: "owner" as const, words: "needs the role owner" },
    ];
    for (const { name, slot, words } of attempts) {
      const refused = await refusal(() =>
        signContract.call(world.as(name), { slug: world.slug, n, digest, ...(slot && { slot }) }),
      );
      expect(refused).toMatchObject({ code: "forbidden", message: expect.stringContaining(words) });
    }
    const events = await db().auditEvent.findMany({
      where: { action: "contract.sign", outcome: "refused", subject: `${world.slug}/${n}` },
    });
    expect(events.map(({ actor }) => actor).sort()).toEqual([
      "both@example.com",
      "robot@example.com",
      "sre@example.com",
    ]);
    expect(await refusal(() => signContract.call(world.as("finance"), { slug: world.slug, n, digest }))).toMatchObject({
      code: "forbidden",
    });
  });

  test("by a person with several roles needs the slot named", async () => {
    const { n, digest } = await world.submitted();
    expect(await refusal(() => signContract.call(world.as("both"), { slug: world.slug, n, digest }))).toMatchObject({
      code: "invalid",
      fields: { slot: [expect.stringContaining("sre or governance")] },
    });
  });

  test("by two people in one slot at once gives one signature and one refusal", async () => {
    const { n, digest } = await world.submitted();
    const both = await Promise.all(
      ["owner", "second-owner"].map((name) =>
        toResult(() => signContract.call(world.as(name), { slug: world.slug, n, digest })),
      ),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { code: "conflict" } });
  });

  test("by all three at once ends signed, once", async () => {
    const { n, digest } = await world.submitted();
    const all = await Promise.all(
      ["owner", "sre", "governance"].map((name) => signContract.call(world.as(name), { slug: world.slug, n, digest })),
    );
    expect(all.filter(({ state }) => state === "signed")).toHaveLength(1);
    expect(await getContract.call(world.as("finance"), { slug: world.slug, n })).toMatchObject({
      state: "signed",
      missing: [],
    });
  });

  test("and withdrawing at once ends in one of the two", async () => {
    const { n, digest } = await world.submitted();
    await signContract.call(world.as("owner"), { slug: world.slug, n, digest });
    await signContract.call(world.as("sre"), { slug: world.slug, n, digest });
    const [last, withdrawal] = await Promise.all([
      toResult(() => signContract.call(world.as("governance"), { slug: world.slug, n, digest })),
      toResult(() => withdrawContract.call(world.as("scientist"), { slug: world.slug, n })),
    ]);
    expect(last.ok).not.toBe(withdrawal.ok);
    const { state } = await getContract.call(world.as("finance"), { slug: world.slug, n });
    expect(state).toBe(last.ok ? "signed" : "withdrawn");
  });
});

describe("the database itself refuses", () => {
  test("to change, delete or withdraw a signed contract, or to touch a signature", async () => {
    const { digest } = await world.signed();
    const where = `where digest = '${digest}' and use_case_id = (select id from use_case where slug = '${world.slug}')`;
    for (const sql of [
      `update contract set document = '{}' ${where}`,
      `update contract set state = 'withdrawn', signed_at = null ${where}`,
      `delete from contract ${where}`,
      "update contract_signature set comment = 'x'",
      "delete from contract_signature",
    ]) {
      await expect(run(app(), [sql]), sql).rejects.toMatchObject({ code: "42501" });
    }
  });
  test("a contract that begins signed", async () => {
    const sql = `insert into contract (use_case_id, number, state, document, digest, created_by, updated_by, signed_at)
      select id, 1, 'signed', '{}', '${"0".repeat(64)}', 'x', 'x', now() from use_case where slug = '${world.slug}'`;
    await expect(run(app(), [sql])).rejects.toMatchObject({ code: "42501" });
  });
  test("to call a contract signed with two signatures", async () => {
    const { n, digest } = await world.submitted();
    await signContract.call(world.as("owner"), { slug: world.slug, n, digest });
    await signContract.call(world.as("sre"), { slug: world.slug, n, digest });
    const sql = `update contract set state = 'signed', signed_at = now() where use_case_id = (select id from use_case where slug = '${world.slug}')`;
    await expect(run(app(), [sql])).rejects.toMatchObject({ code: "42501" });
  });
});
