import { describe, expect, test } from "vitest";
import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { updateDraft } from "@/lib/contracts/commands/update-draft";
import { getUseCase, listOwners, listUseCases } from "@/lib/contracts/queries";
import { exampleDocument } from "@/lib/contracts/test-document";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { getContract } from "@/lib/governance/queries/contracts";
import { toResult } from "@/lib/operation";
import { encodeCursor } from "@/lib/page";
import { contractWorld, refusal, USE_CASE, withP99 } from "@/prisma/test-contracts";

const world = contractWorld();

describe("a use case", () => {
  test("is owned by a person with the role owner", async () => {
    const call = (owner: string) =>
      refusal(() => createUseCase.call(world.as("scientist"), { ...USE_CASE, slug: "x", owner }));
    for (const owner of ["sre@example.com", "robot@example.com", "nobody@example.com"]) {
      expect(await call(owner)).toMatchObject({ code: "invalid", fields: { owner: [expect.any(String)] } });
    }
    const { items } = await listOwners.call(world.as("scientist"), {});
    expect(items.map(({ email }) => email)).toEqual(["owner@example.com", "second-owner@example.com"]);
  });
  test("has a slug of its own, also when two people choose it at once", async () => {
    const both = await Promise.all(
      ["scientist", "owner"].map((name) =>
        toResult(() => createUseCase.call(world.as(name), { ...USE_CASE, slug: "same" })),
      ),
    );
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(both.find(({ ok }) => !ok)).toMatchObject({
      error: { code: "conflict", fields: { slug: ["taken already"] } },
    });
  });
  test("is found by part of its name, page by page", async () => {
    const first = await listUseCases.call(world.as("finance"), { q: "flight", limit: 1 });
    expect(first.items).toHaveLength(1);
    const cursor = first.nextCursor ?? "";
    const next = await listUseCases.call(world.as("finance"), { q: "flight", limit: 1, cursor });
    expect(next.items[0]?.slug).not.toBe(first.items[0]?.slug);
    expect((await listUseCases.call(world.as("finance"), { q: "no such" })).items).toEqual([]);
    for (const input of [{ q: "a\0" }, { cursor: "!" }, { cursor: encodeCursor("a\0") }]) {
      expect(await refusal(() => listUseCases.call(world.as("finance"), input))).toMatchObject({ code: "invalid" });
    }
  });
  test("that is not there is not found, and text that cannot be stored is refused", async () => {
    expect(await refusal(() => getUseCase.call(world.as("finance"), { slug: "nowhere" }))).toMatchObject({
      code: "not_found",
    });
    expect(
      await refusal(() => createUseCase.call(world.as("scientist"), { ...USE_CASE, slug: "nul", name: "a\0b" })),
    ).toMatchObject({
      code: "invalid",
      fields: { name: ["holds a character that cannot be stored"] },
    });
  });
});

describe("a draft", () => {
  test("begins from an archetype, with its problems", async () => {
    const { purpose, interface: shape } = exampleDocument();
    const draft = await draftContract.call(world.as("scientist"), {
      slug: world.slug,
      from: "archetype",
      archetype: "real-time-decision",
      purpose,
      interface: shape,
      numbers: { latencyMsP95: 30, latencyMsP99: 20 },
    });
    expect(draft).toMatchObject({ number: 1, revision: 1, problems: [{ path: "clauses.0.target" }] });
    expect(await getUseCase.call(world.as("finance"), { slug: world.slug })).toMatchObject({
      latestContract: { number: 1, state: "draft" },
    });
  });
  test("is the only open version, also when two people begin at once", async () => {
    const begin = (name: string) =>
      toResult(() =>
        draftContract.call(world.as(name), { slug: world.slug, from: "document", document: exampleDocument() }),
      );
    const both = await Promise.all([begin("scientist"), begin("owner")]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { code: "conflict", details: { number: 1 } } });
  });
  test("refuses a stale edit with the difference, and overwrites nothing", async () => {
    const { number: n } = await draftContract.call(world.as("scientist"), {
      slug: world.slug,
      from: "document",
      document: exampleDocument(),
    });
    await updateDraft.call(world.as("owner"), { slug: world.slug, n, revision: 1, document: withP99(40) });
    const refused = await refusal(() =>
      updateDraft.call(world.as("scientist"), { slug: world.slug, n, revision: 1, document: withP99(50) }),
    );
    expect(refused).toMatchObject({
      code: "conflict",
      details: {
        revision: 2,
        updatedBy: "owner@example.com",
        difference: [
          {
            part: "latency_p99",
            kind: "changed",
            changes: [
              { path: "target", before: 40, after: 50 },
              { path: "atRisk", before: 40, after: 50 },
            ],
          },
        ],
      },
    });
    expect((await getContract.call(world.as("finance"), { slug: world.slug, n })).document).toEqual(withP99(40));
  });
  test("is not submitted with a contradiction, or with a clause that nothing measures", async () => {
    const clauses = exampleDocument().clauses.map((each) =>
      each.id === "freshness" ? { ...each, probe: "none" as const } : each,
    );
    const document = {
      ...withP99(8),
      clauses: clauses.map((each) => (each.id === "latency_p99" ? { ...each, target: 8, atRisk: 8 } : each)),
    };
    const { number: n } = await draftContract.call(world.as("scientist"), {
      slug: world.slug,
      from: "document",
      document,
    });
    expect(await refusal(() => submitContract.call(world.as("scientist"), { slug: world.slug, n }))).toMatchObject({
      code: "invalid",
      fields: {
        "clauses.0.target": [expect.stringContaining("p95 of 10 ms is above p99 of 8 ms")],
        "clauses.5.probe": [expect.stringContaining("has no probe")],
      },
    });
    expect(await getContract.call(world.as("finance"), { slug: world.slug, n })).toMatchObject({
      state: "draft",
      digest: null,
    });
  });
  test("that changed meanwhile is not submitted unseen", async () => {
    const { number: n } = await draftContract.call(world.as("scientist"), {
      slug: world.slug,
      from: "document",
      document: exampleDocument(),
    });
    await updateDraft.call(world.as("owner"), { slug: world.slug, n, revision: 1, document: withP99(40) });
    expect(
      await refusal(() => submitContract.call(world.as("scientist"), { slug: world.slug, n, revision: 1 })),
    ).toMatchObject({
      code: "conflict",
    });
  });
});
