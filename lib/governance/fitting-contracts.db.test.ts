import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { exampleDocument } from "@/lib/contracts/test-document";
import { disconnect } from "@/lib/db";
import { listFittingContracts } from "@/lib/governance/queries/fitting-contracts";
import { testDatabase } from "@/prisma/test-database";
import { makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";

let directory: string;
let who: People;

beforeAll(async () => {
  await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "fitting-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  who = await people();
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});

const found = async (number: number) => {
  const { items } = await listFittingContracts.call(who.scientist, { name: "flights", version: number });
  return items.map(({ useCase, number: n, state }) => `${useCase}/${n} ${state}`);
};

test("offers of each use case the newest signed contract and the one that is worked on, where the interface fits", async () => {
  await makeUseCase(who, "flights");
  await makeUseCase(who, "other");
  const fits = await version(who, { model: "flights" });
  const differs = await version(who, { model: "flights", auc: 0.8, features: ["hour", "airline"] });
  await signedContract(who, "flights");
  await signedContract(who, "flights", (document) => ({ ...document, purpose: "Rebook connections sooner than that" }));
  await draftContract.call(who.scientist, { slug: "other", from: "document", document: exampleDocument() });

  expect(await found(fits)).toEqual(["flights/2 signed", "other/1 draft"]);
  expect(await found(differs)).toEqual([]);
});

test("refuses a version that is not there", async () => {
  await expect(found(99)).rejects.toMatchObject({ code: "not_found" });
});
