import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { exampleDocument } from "@/lib/contracts/test-document";
import { db, disconnect, inTransaction } from "@/lib/db";
import { reportDevice } from "@/lib/deployments/commands/report-device";
import { setServingRevision } from "@/lib/deployments/commands/set-serving-revision";
import { listDevices } from "@/lib/deployments/queries/devices";
import { getEdgeBundle } from "@/lib/deployments/queries/edge-bundle";
import { concludeVerification } from "@/lib/registry/commands/conclude-verification";
import { getVersion } from "@/lib/registry/queries/versions";
import type { Verification } from "@/lib/registry/schema";
import { LOCAL_CAPABILITIES } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import { openBundle } from "@/lib/serving/edge-bundle";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people, signedContract, version } from "@/prisma/test-stage";

const directory = mkdtempSync(path.join(tmpdir(), "devices-"));
const keyFile = path.join(directory, "key.json");
let who: People;

beforeAll(async () => {
  await testDatabase();
  vi.stubEnv("ARTIFACTS_DIR", directory);
  vi.stubEnv("INFERENCE_KEY_FILE", keyFile);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(keyFile, JSON.stringify(privateKey.export({ format: "jwk" })));
  who = await people();
});
afterAll(async () => {
  await disconnect();
  rmSync(directory, { recursive: true, force: true });
});

const golden = [{ inputs: { features: [8, 500] }, outputs: { label: [0], probabilities: [0.75, 0.25] } }];

/** What the verification finds, with golden rows or as it was before they were kept. */
function found(rows?: typeof golden): Verification {
  return {
    model: {
      ...{ irVersion: 8, producer: "test", opsets: [], inputs: [], outputs: [], probabilities: ["probabilities"] },
      runtime: "onnxruntime 1.24.0",
      ...(rows && { golden: rows }),
    },
    sample: { rows: 1, columns: [], eventTime: { from: "2001-03-01T00:00:00Z", to: "2001-03-02T00:00:00Z" } },
  };
}

/** The next version of the model serves; the digest of its file. */
async function serves(name: string, verification: Verification, auc = 0.75): Promise<string> {
  const number = await version(who, { model: name, pending: true, auc });
  const row = await db().modelVersion.findFirst({ where: { number, model: { name } } });
  if (!row) throw new Error(`there is no version ${number} of ${name}`);
  const modelVersionId = row.id;
  await inTransaction((tx) => concludeVerification(tx, modelVersionId, { ok: true, verification }));
  const { schema, files } = await getVersion.call(who.ci, { name, version: number });
  const modelDigest = files.find(({ role }) => role === "model")?.sha256 ?? "";
  const identity = { model: name, version: number, modelDigest, schema, endpoint: name };
  const spec = compile(exampleDocument(), identity, LOCAL_CAPABILITIES);
  await inTransaction(async (tx) => {
    const row = await tx.endpoint.findUniqueOrThrow({ where: { name } });
    const contract = await tx.contract.findFirstOrThrow({ where: { useCaseId: row.useCaseId } });
    const actor = { email: "deployment", kind: "process" } as const;
    const wanted = { endpointId: row.id, modelVersionId, contractId: contract.id, actor };
    const revision = await setServingRevision(tx, { ...wanted, spec, specDigest: "b".repeat(64) });
    await tx.revision.update({ where: { id: revision.id }, data: { servedAt: new Date() } });
  });
  return modelDigest;
}

async function stage(name: string): Promise<void> {
  await makeUseCase(who, name);
  await endpoint(who, name);
  await signedContract(who, name);
}

test("the bundle of an endpoint is what it serves, signed with the key of the installation", async () => {
  await stage("bundled");
  await expect(getEdgeBundle.call(who.ci, { name: "bundled" })).rejects.toMatchObject({ code: "precondition" });
  const modelDigest = await serves("bundled", found(golden));
  const { bundle, keys } = await getEdgeBundle.call(who.ci, { name: "bundled", days: 7 });
  expect(await openBundle(bundle, keys, Date.now())).toMatchObject({
    revision: "bundled-r1",
    model: { name: "bundled", version: 1, digest: modelDigest },
    golden: { rows: golden },
  });
  expect(JSON.stringify(keys)).not.toContain('"d"');
  await expect(getEdgeBundle.call(who.ci, { name: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
});

test("a version that was verified before golden rows were kept has no bundle", async () => {
  await stage("early");
  await serves("early", found());
  await expect(getEdgeBundle.call(who.ci, { name: "early" })).rejects.toMatchObject({
    code: "precondition",
    message: expect.stringContaining("register it again"),
  });
});

test("a device is current, behind, failed or foreign by its last word, and only news are audited", async () => {
  await stage("devices");
  const first = await serves("devices", found(golden));
  const said = { name: "devices", device: "gate-7", runtime: "onnxruntime 1.24.0", modelDigest: first, passed: true };
  const report = (change: object = {}) => reportDevice.call(who.ci, { ...said, revision: "devices-r1", ...change });
  expect(await report()).toMatchObject({ state: "current", reported: "devices-r1", declared: "devices-r1" });
  const second = await serves("devices", found(golden), 0.8);
  expect(await report()).toMatchObject({ state: "behind", reported: "devices-r1", declared: "devices-r2" });
  expect(await report({ revision: "devices-r2" })).toMatchObject({ state: "foreign" });
  const failed = { revision: "devices-r2", modelDigest: second, passed: false, reason: "row 0 differs by 0.2" };
  expect(await report(failed)).toMatchObject({ state: "failed", reason: "row 0 differs by 0.2" });
  await Promise.all([report(failed), report(failed), report({ ...failed, device: "gate-8" })]);
  const { items } = await listDevices.call(who.scientist, { name: "devices" });
  expect(items.map(({ device, state }) => [device, state])).toEqual([
    ["gate-7", "failed"],
    ["gate-8", "failed"],
  ]);
  const page = await listDevices.call(who.scientist, { name: "devices", limit: 1 });
  expect(
    (await listDevices.call(who.scientist, { name: "devices", cursor: page.nextCursor ?? "" })).items,
  ).toHaveLength(1);
  expect(await db().auditEvent.count({ where: { action: "device.report", outcome: "done" } })).toBe(4);
});

test("what a device cannot be running is refused", async () => {
  await stage("refusals");
  const modelDigest = await serves("refusals", found(golden));
  const said = { name: "refusals", device: "gate-7", runtime: "onnxruntime", modelDigest, passed: true };
  const report = (change: object) => reportDevice.call(who.ci, { ...said, revision: "refusals-r1", ...change });
  await expect(report({ revision: "bundled-r1" })).rejects.toMatchObject({ code: "invalid" });
  await expect(report({ name: "nowhere" })).rejects.toMatchObject({ code: "not_found" });
  await expect(report({ passed: false })).rejects.toMatchObject({
    code: "invalid",
    fields: { reason: expect.anything() },
  });
  await expect(reportDevice.call(who.scientist, { ...said, revision: "refusals-r1" })).rejects.toMatchObject({
    code: "forbidden",
  });
});
