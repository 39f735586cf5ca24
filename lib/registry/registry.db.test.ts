import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { artifactStore } from "@/lib/artifacts/store";
import type { Principal, Role } from "@/lib/auth/schema";
import { db, disconnect, inTransaction } from "@/lib/db";
import { concludeVerification } from "@/lib/registry/commands/conclude-verification";
import { registerVersion } from "@/lib/registry/commands/register-version";
import { storeArtifact } from "@/lib/registry/commands/store-artifact";
import { getModel, listModels } from "@/lib/registry/queries/models";
import { getVersion, listVersions } from "@/lib/registry/queries/versions";
import { run, testDatabase } from "@/prisma/test-database";

let directory: string;
let ci: Principal;
let scientist: Principal;
let manifest: Awaited<ReturnType<typeof storedManifest>>;

beforeAll(async () => {
  const database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "registry-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  ci = await account(database.app, "ci", "service");
  scientist = await account(database.app, "scientist", "person");
  manifest = await storedManifest();
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});

async function account(url: string, role: Role, kind: "person" | "service"): Promise<Principal> {
  const email = `${role}@example.com`;
  const [row] = await run(url, [
    `insert into app_user (email, name, kind) values ('${email}', '${role}', '${kind}') returning id`,
  ]);
  return { id: String(row?.id), email, name: role, kind, roles: [role], development: false };
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
async function stored(text: string) {
  const bytes = Buffer.from(text);
  const sha256 = digest(text);
  await artifactStore(directory).put({ sha256, size: bytes.length, body: new Blob([bytes]).stream() });
  return { sha256, size: bytes.length };
}

async function storedManifest() {
  return {
    files: [
      { path: "model.onnx", role: "model" as const, ...(await stored("model")) },
      { path: "reference.parquet", role: "reference_sample" as const, ...(await stored("sample")) },
    ],
    schema: {
      inputs: [{ name: "x", datatype: "FP32" as const, shape: [-1, 2], features: ["a", "b"] }],
      outputs: [{ name: "p", datatype: "FP32" as const, shape: [-1, 2] }],
    },
    evaluation: {
      metrics: [{ metric: "auc", value: 0.74, n: 1000 }],
      dataset: "flights",
      window: { from: "2001-03-01T00:00:00Z", to: "2001-03-16T00:00:00Z" },
    },
    dataset: { kind: "file", uri: "npm:vega-datasets", version: "3.2.1", digest: "abc" },
    codeRevision: "2a5a899",
  };
}

const found = {
  model: {
    irVersion: 8,
    producer: "test",
    opsets: [{ domain: "", version: 15 }],
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
    outputs: [{ name: "p", datatype: "FP32", shape: [-1, 2] }],
    probabilities: ["p"],
    runtime: "onnxruntime 1.30.0",
  },
  sample: {
    rows: 10,
    columns: ["event_time", "a", "b"],
    eventTime: { from: "2001-03-01T00:00:00.000Z", to: "2001-03-02T00:00:00.000Z" },
  },
};
const idOf = async (name: string, number: number) =>
  (await db().modelVersion.findFirst({ where: { number, model: { name } } }))?.id ?? "";

test("the first push makes the model, the same content twice is one version, other content the next", async () => {
  const first = await registerVersion.call(ci, { name: "twice", ...manifest });
  expect(first).toMatchObject({ model: "twice", number: 1, state: "pending", created: true, registeredBy: ci.email });
  const again = await registerVersion.call(ci, { name: "twice", ...manifest, files: manifest.files.toReversed() });
  expect(again).toMatchObject({ number: 1, digest: first.digest, created: false });
  const other = await registerVersion.call(ci, { name: "twice", ...manifest, codeRevision: "b0ad703" });
  expect(other).toMatchObject({ number: 2, created: true });
  expect(await getModel.call(scientist, { name: "twice" })).toMatchObject({ versions: 2, latest: { number: 2 } });
  const audited = await db().auditEvent.findMany({
    where: { subject: { startsWith: "twice" } },
    orderBy: { id: "asc" },
  });
  expect(audited.map((event) => `${event.action} ${event.subject}`)).toEqual([
    "model.create twice",
    "model_version.register twice v1",
    "model_version.register twice v2",
  ]);
});

test("the same content registered by several at once is one version", async () => {
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => registerVersion.call(ci, { name: "at-once", ...manifest })),
  );
  expect(answers.map((each) => each.number)).toEqual([1, 1, 1, 1, 1]);
  expect(answers.filter((each) => each.created)).toHaveLength(1);
});

test("a person is refused with the reason and the command of CI, and the refusal is on record", async () => {
  for (const attempt of [
    () => registerVersion.call(scientist, { name: "by-hand", ...manifest }),
    () => registerVersion.call({ ...scientist, roles: ["ci"] }, { name: "by-hand", ...manifest }),
    () => storeArtifact.call(scientist, { sha256: digest("x"), size: 1, body: new Blob(["x"]).stream() }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("proviso register --model"),
    });
  }
  expect(await db().registeredModel.findUnique({ where: { name: "by-hand" } })).toBeNull();
  expect(await db().auditEvent.count({ where: { actor: scientist.email, outcome: "refused" } })).toBe(3);
});

test("a version whose file is not uploaded, or not of that length, is refused and nothing is left of it", async () => {
  const [model, sample] = manifest.files;
  if (!model || !sample) throw new Error("two files");
  const missing = { ...model, sha256: digest("never uploaded") };
  await expect(registerVersion.call(ci, { name: "half", ...manifest, files: [missing, sample] })).rejects.toMatchObject(
    {
      code: "invalid",
      fields: { "files.0": [expect.stringContaining("model.onnx is not uploaded")] },
    },
  );
  await expect(
    registerVersion.call(ci, { name: "half", ...manifest, files: [{ ...model, size: 99 }, sample] }),
  ).rejects.toThrow("model.onnx has 5 bytes, not 99");
  await expect(registerVersion.call(ci, { name: "half", ...manifest, files: [model] })).rejects.toThrow(
    "exactly one file with the role reference_sample",
  );
  expect(await db().registeredModel.findUnique({ where: { name: "half" } })).toBeNull();
});

test("a variant is a version of its own: it names its parent, the parent names it, and it has evidence of its own", async () => {
  await registerVersion.call(ci, { name: "variants", ...manifest });
  const int8 = { ...manifest, codeRevision: "quantised", precision: "int8" as const, variantOf: 1 };
  const made = await registerVersion.call(ci, { name: "variants", ...int8 });
  expect(made).toMatchObject({ number: 2, precision: "int8", state: "pending" });
  expect(await registerVersion.call(ci, { name: "variants", ...int8 })).toMatchObject({ number: 2, created: false });
  await inTransaction(async (tx) =>
    concludeVerification(tx, await idOf("variants", 2), { ok: true, verification: found }),
  );
  const child = await getVersion.call(scientist, { name: "variants", version: 2 });
  expect(child).toMatchObject({ precision: "int8", parent: { number: 1, precision: null, state: "pending" } });
  const parent = await getVersion.call(scientist, { name: "variants", version: 1 });
  expect(parent).toMatchObject({ parent: null, variants: [{ number: 2, precision: "int8", state: "ready" }] });
  expect([child.evidence.length, parent.evidence.length]).toEqual([3, 0]);
  const { items } = await listVersions.call(scientist, { name: "variants" });
  expect(items.map(({ number, variantOf }) => [number, variantOf])).toEqual([
    [2, 1],
    [1, null],
  ]);
});

test("a variant of nothing, of a failed version, of other inputs, or without its precision is refused", async () => {
  await registerVersion.call(ci, { name: "lonely", ...manifest });
  const of = (change: object) =>
    registerVersion.call(ci, { name: "lonely", ...manifest, codeRevision: "x", ...change });
  await expect(of({ precision: "fp16", variantOf: 7 })).rejects.toMatchObject({
    code: "invalid",
    fields: { variantOf: ["lonely has no version 7 to be a variant of."] },
  });
  await expect(of({ variantOf: 1 })).rejects.toThrow("say the precision of a variant");
  const [input] = manifest.schema.inputs;
  const inputs = [{ ...input, features: ["a", "c"] }];
  await expect(of({ precision: "fp16", variantOf: 1, schema: { ...manifest.schema, inputs } })).rejects.toThrow(
    "those of lonely v1 are others",
  );
  const id = await idOf("lonely", 1);
  await inTransaction((tx) => concludeVerification(tx, id, { ok: false, reason: "it is no ONNX file" }));
  await expect(of({ precision: "fp16", variantOf: 1 })).rejects.toThrow("failed its verification");
});

test("the database refuses a parent of another model, and takes no other one afterwards", async () => {
  await registerVersion.call(ci, { name: "mine", ...manifest });
  await registerVersion.call(ci, { name: "theirs", ...manifest });
  const [mine, theirs] = [await idOf("mine", 1), await idOf("theirs", 1)];
  const moved = inTransaction(
    (tx) =>
      tx.$executeRaw`UPDATE model_version SET parent_id = ${theirs}::uuid, precision = 'int8' WHERE id = ${mine}::uuid`,
  );
  await expect(moved).rejects.toThrow("a version is immutable");
  const foreign = inTransaction(
    (tx) => tx.$executeRaw`
    INSERT INTO model_version (model_id, number, digest, files, schema, evaluation, dataset, code_revision, registered_by, registered_by_id, parent_id, precision)
    SELECT model_id, 2, ${digest("another")}, files, schema, evaluation, dataset, code_revision, registered_by, registered_by_id, ${theirs}::uuid, 'int8'
    FROM model_version WHERE id = ${mine}::uuid`,
  );
  await expect(foreign).rejects.toThrow("an earlier version of the same model");
});

test("ready comes with three pieces of evidence and an audit event, once", async () => {
  await registerVersion.call(ci, { name: "good", ...manifest });
  const id = await idOf("good", 1);
  const conclude = () => inTransaction((tx) => concludeVerification(tx, id, { ok: true, verification: found }));
  expect([await conclude(), await conclude()]).toEqual([true, false]);
  const version = await getVersion.call(scientist, { name: "good", version: 1 });
  expect(version).toMatchObject({ state: "ready", stateReason: null, verification: found, serves: [] });
  expect(version.evidence.map((each) => each.kind).sort()).toEqual(["evaluation", "reference_sample", "verification"]);
  expect(await db().auditEvent.count({ where: { action: "model_version.verify", subject: "good v1" } })).toBe(1);
});

test("failed keeps the reason, has no evidence, and stays failed", async () => {
  await registerVersion.call(ci, { name: "bad", ...manifest });
  const id = await idOf("bad", 1);
  await inTransaction((tx) => concludeVerification(tx, id, { ok: false, reason: "it is no ONNX file" }));
  expect(await inTransaction((tx) => concludeVerification(tx, id, { ok: true, verification: found }))).toBe(false);
  expect(await getVersion.call(scientist, { name: "bad", version: 1 })).toMatchObject({
    state: "failed",
    stateReason: "it is no ONNX file",
    evidence: [],
  });
});

test("lists come in pages and can be filtered", async () => {
  for (const name of ["list-a", "list-b", "list-c"]) await registerVersion.call(ci, { name, ...manifest });
  const first = await listModels.call(scientist, { q: "LIST-", limit: 2 });
  expect(first.items.map((each) => each.name)).toEqual(["list-a", "list-b"]);
  const next = await listModels.call(scientist, { q: "LIST-", limit: 2, cursor: first.nextCursor ?? "" });
  expect(next).toMatchObject({ items: [{ name: "list-c" }], nextCursor: null });
  for (const codeRevision of ["1", "2"]) await registerVersion.call(ci, { name: "list-a", ...manifest, codeRevision });
  const versions = await listVersions.call(scientist, { name: "list-a", limit: 2 });
  expect(versions.items.map((each) => each.number)).toEqual([3, 2]);
  const rest = await listVersions.call(scientist, { name: "list-a", limit: 2, cursor: versions.nextCursor ?? "" });
  expect(rest.items.map((each) => each.number)).toEqual([1]);
  expect((await listVersions.call(scientist, { name: "list-a", state: "ready" })).items).toEqual([]);
  await expect(listVersions.call(scientist, { name: "list-a", cursor: "!" })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(getVersion.call(scientist, { name: "list-a", version: 9 })).rejects.toMatchObject({ code: "not_found" });
});
