import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { disconnect } from "@/lib/db";
import { getVersionTier } from "@/lib/governance/queries/version-tier";
import { slowCurve } from "@/lib/serving/test-curve";
import { testDatabase } from "@/prisma/test-database";
import { makeUseCase, measured, type People, people, signedContract, version } from "@/prisma/test-stage";

let directory: string;
let who: People;
const name = "tiers";

beforeAll(async () => {
  await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "tier-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  who = await people();
  await makeUseCase(who, name);
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});

test("the tier follows the newest curve of the version, and names it as its evidence", async () => {
  const contract = await signedContract(who, name);
  const number = await version(who, { model: name, unmeasured: true });
  const asked = { name, version: number, useCase: name, contract };
  const before = await getVersionTier.call(who.scientist, asked);
  expect(before).toMatchObject({ tier: "unknown", toMeasure: [expect.stringContaining("on the processor")] });
  await measured(name, number);
  const after = await getVersionTier.call(who.scientist, asked);
  expect(after).toMatchObject({ tier: "cpu", findings: [{ tier: "cpu", evidenceId: expect.any(String) }, {}, {}] });
  await measured(name, number, slowCurve());
  expect((await getVersionTier.call(who.scientist, asked)).findings[0]).toMatchObject({ standing: "breaks" });
});

test("a contract or a version that is not there is not found", async () => {
  const ask = (change: object) =>
    getVersionTier.call(who.scientist, { name, version: 1, useCase: name, contract: 1, ...change });
  await expect(ask({ version: 99 })).rejects.toMatchObject({ code: "not_found" });
  await expect(ask({ contract: 99 })).rejects.toMatchObject({ code: "not_found" });
});
