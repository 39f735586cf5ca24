import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { db, disconnect, inTransaction } from "@/lib/db";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { issueToken } from "@/lib/deployments/commands/issue-token";
import { recordObservation } from "@/lib/deployments/commands/record-observation";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { getEndpoint, listEndpoints } from "@/lib/deployments/queries";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";

const directory = mkdtempSync(path.join(tmpdir(), "endpoints-"));
let who: People;

beforeAll(async () => {
  await testDatabase();
  vi.stubEnv("ARTIFACTS_DIR", directory);
  vi.stubEnv("INFERENCE_ISSUER", "https://login.example.com");
  who = await people();
});
afterAll(async () => {
  await disconnect();
  rmSync(directory, { recursive: true, force: true });
});

const wanted = { environment: "staging", tier: "cpu", target: "local", clock: "wall" } as const;

test("a name, and an environment of a use case, is taken once, also at the same time", async () => {
  await makeUseCase(who, "once");
  const create = (name: string) => createEndpoint.call(who.sre, { ...wanted, name, useCase: "once" });
  const answers = await Promise.allSettled([create("once-a"), create("once-b"), create("once-a")]);
  const codes = answers.map((each) => (each.status === "fulfilled" ? "made" : each.reason.code));
  expect(codes.sort()).toEqual(["conflict", "conflict", "made"]);
  expect(await db().endpoint.count({ where: { useCase: { slug: "once" } } })).toBe(1);
});

test("what this installation cannot serve is refused by its field", async () => {
  await makeUseCase(who, "fields");
  const create = (change: object) =>
    createEndpoint.call(who.sre, { ...wanted, name: "fields", useCase: "fields", ...change });
  await expect(create({ tier: "gpu" })).rejects.toMatchObject({ code: "invalid", fields: { tier: ["choose cpu"] } });
  await expect(create({ useCase: "none" })).rejects.toMatchObject({ fields: { useCase: ["no such use case"] } });
  await expect(create({ name: "Not a name" })).rejects.toMatchObject({ code: "invalid" });
  await expect(createEndpoint.call(who.scientist, { ...wanted, name: "x", useCase: "fields" })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("without a key of our own, a token is refused with the name of the issuer", async () => {
  await makeUseCase(who, "keyless");
  await endpoint(who, "keyless");
  await expect(issueToken.call(who.scientist, { name: "keyless" })).rejects.toMatchObject({
    code: "precondition",
    message: expect.stringContaining("https://login.example.com"),
  });
  await expect(issueToken.call(who.scientist, { name: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
  await expect(issueToken.call(who.validator, { name: "keyless" })).rejects.toMatchObject({ code: "forbidden" });
});

/** Serves a version under a signed contract, with a clause of it in this state. */
async function clauseState(name: string, state: string): Promise<void> {
  await signedContract(who, name);
  await version(who, { model: name });
  await inTransaction(async (tx) => {
    const row = await tx.endpoint.findUniqueOrThrow({ where: { name } });
    const contract = await tx.contract.findFirstOrThrow({ where: { useCaseId: row.useCaseId } });
    const { id: modelVersionId } = await tx.modelVersion.findFirstOrThrow({ where: { model: { name } } });
    const actor = { email: "deployment", kind: "process" } as const;
    await setServingRevision(tx, {
      ...{ endpointId: row.id, modelVersionId, contractId: contract.id, actor },
      ...{ spec: { leaves: [], cannot: [] }, specDigest: "b".repeat(64) },
    });
    await tx.clauseState.create({
      data: { endpointId: row.id, clauseId: "latency_p99", contractId: contract.id, state, reason: "test" },
    });
  });
}

test("the worst clause comes first, page by page, and every endpoint comes once", async () => {
  const states = { "sort-a": "met", "sort-b": "breached", "sort-c": "unproven", "sort-d": "at_risk" };
  for (const [name, state] of Object.entries(states)) {
    await makeUseCase(who, name);
    await endpoint(who, name);
    await clauseState(name, state);
  }
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Awaited<ReturnType<typeof listEndpoints.call>> = await listEndpoints.call(who.sre, {
      ...{ sort: "worst", limit: 2, cursor },
      environment: "production",
    });
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  }
  expect(seen.slice(0, 4)).toEqual(["sort-b", "sort-d", "sort-c", "sort-a"]);
  expect(new Set(seen).size).toBe(seen.length);
  expect(await getEndpoint.call(who.sre, { name: "sort-b" })).toMatchObject({
    worstClause: "breached",
    clauses: { breached: 1, met: 0 },
  });
});

test("a state under another contract than the one in force does not count", async () => {
  await inTransaction((tx) =>
    tx.clauseState.updateMany({
      where: { endpoint: { name: "sort-b" } },
      data: { contractId: "00000000-0000-0000-0000-000000000000" },
    }),
  );
  expect(await getEndpoint.call(who.sre, { name: "sort-b" })).toMatchObject({ worstClause: null });
});

test("an older reading of the target does not replace a newer one, and first served is written once", async () => {
  const status: EndpointStatus = {
    ...{ name: "sort-a", generation: 1, state: "ready", reason: null, url: "http://127.0.0.1:9100", pid: 1 },
    ...{
      serving: "sort-a-r1",
      warm: null,
      refused: null,
      restarts: 0,
      mode: "inline",
      eventsDropped: 0,
      spoolBytes: 0,
    },
  };
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  await inTransaction((tx) => recordObservation(tx, status, at(20)));
  await inTransaction((tx) => recordObservation(tx, { ...status, state: "failed", serving: null }, at(10)));
  await inTransaction((tx) => recordObservation(tx, status, at(30)));
  expect(await getEndpoint.call(who.sre, { name: "sort-a" })).toMatchObject({
    settled: true,
    observed: { state: "ready", at: at(30).toISOString() },
    serving: { servedAt: at(20).toISOString() },
    inferenceUrl: "http://127.0.0.1:9100/v2/models/sort-a/infer",
  });
});

test("a reason with characters that the database cannot hold is stored without them, and not lost", async () => {
  const numbers = { generation: 1, pid: 1, restarts: 0, eventsDropped: 0, spoolBytes: 0 };
  const nothing = { url: null, serving: null, warm: null, refused: null, mode: null };
  const status: EndpointStatus = {
    name: "sort-c",
    state: "failed",
    reason: "tensor a\0b\ud800",
    ...numbers,
    ...nothing,
  };
  await inTransaction((tx) => recordObservation(tx, status, new Date()));
  expect(await getEndpoint.call(who.sre, { name: "sort-c" })).toMatchObject({
    observed: { state: "failed", reason: "tensor a\ufffdb\ufffd" },
  });
});
