import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { artifactStore } from "@/lib/artifacts/store";
import type { Principal } from "@/lib/auth/schema";
import { db, disconnect } from "@/lib/db";
import { registerVersion } from "@/lib/registry/commands/register-version";
import { getVersion } from "@/lib/registry/queries/versions";
import { run, testDatabase } from "@/prisma/test-database";
import { testModel } from "@/runtime/test-model";
import { verifyVersions } from "@/worker/verify-versions";

const MODELS = path.resolve(import.meta.dirname, "../examples/flight-delays/models");
const running = new AbortController().signal;

// Each version is opened in a process of its own.
vi.setConfig({ testTimeout: 60_000 });

let directory: string;
let ci: Principal;
let good: { readonly model: Buffer; readonly sample: Buffer; readonly json: string };

beforeAll(async () => {
  const database = await testDatabase();
  directory = await mkdtemp(path.join(tmpdir(), "verify-"));
  vi.stubEnv("ARTIFACTS_DIR", directory);
  vi.stubEnv("LOG_LEVEL", "silent");
  const [row] = await run(database.app, [
    "insert into app_user (email, name, kind) values ('ci@example.com', 'CI', 'service') returning id",
  ]);
  ci = { id: String(row?.id), email: "ci@example.com", name: "CI", kind: "service", roles: ["ci"], development: false };
  good = {
    model: await readFile(path.join(MODELS, "v1/model.onnx")),
    sample: await readFile(path.join(MODELS, "reference.parquet")),
    json: await readFile(path.join(MODELS, "v1/model.json"), "utf8"),
  };
});
afterAll(async () => {
  await disconnect();
  await rm(directory, { recursive: true, force: true });
});

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
async function stored(bytes: Buffer) {
  const sha256 = digest(bytes);
  await artifactStore(directory).put({ sha256, size: bytes.length, body: new Blob([new Uint8Array(bytes)]).stream() });
  return { sha256, size: bytes.length };
}

type Parts = {
  readonly model?: Buffer;
  readonly sample?: Buffer;
  readonly json?: string;
  readonly evaluation?: Buffer;
};

/** Registers a version of `name` from these bytes, lets the worker run once, and says what became of it. */
async function verified(name: string, parts: Parts) {
  await registered(name, parts);
  await verifyVersions().run(running);
  return getVersion.call(ci, { name, version: 1 });
}

async function registered(name: string, parts: Parts): Promise<void> {
  const { model, sample, json, evaluation } = { ...good, ...parts };
  const labelled = evaluation && {
    ...{ path: "evaluation-sample.parquet", role: "evaluation_sample" as const },
    ...(await stored(evaluation)),
  };
  await registerVersion.call(ci, {
    name,
    files: [
      { path: "model.onnx", role: "model", ...(await stored(model)) },
      { path: "reference.parquet", role: "reference_sample", ...(await stored(sample)) },
      ...(labelled ? [labelled] : []),
    ],
    schema: JSON.parse(json),
    evaluation: JSON.parse(await readFile(path.join(MODELS, "v1/evaluation.json"), "utf8")),
    dataset: JSON.parse(await readFile(path.join(MODELS, "dataset.json"), "utf8")),
    codeRevision: "test",
  });
}

test("a good version is ready, with what was found as evidence", async () => {
  const version = await verified("good", {});
  expect(version.stateReason).toBeNull();
  expect(version).toMatchObject({
    state: "ready",
    verification: {
      model: {
        opsets: expect.arrayContaining([{ domain: "ai.onnx.ml", version: 1 }]),
        operators: expect.arrayContaining([{ domain: "ai.onnx.ml", type: "LinearClassifier", count: 1 }]),
        probabilities: ["probabilities"],
      },
      sample: {
        rows: 60_000,
        eventTime: { from: "2001-01-03T08:22:00.000Z", to: expect.stringMatching(/^2001-0[23]/) },
      },
    },
  });
  const evidence = await db().evidence.findFirst({ where: { kind: "verification" } });
  expect(evidence?.payload).toMatchObject({ versionDigest: version.digest, file: { sha256: digest(good.model) } });
});

test("an evaluation sample has a label in every row, or the version fails", async () => {
  const labelled = await readFile(path.join(MODELS, "evaluation-sample.parquet"));
  expect(await verified("labelled", { evaluation: labelled })).toMatchObject({ state: "ready" });
  expect(await verified("unlabelled", { evaluation: good.sample })).toMatchObject({
    state: "failed",
    stateReason: "The evaluation sample has no column label.",
  });
});

test("a corrupt file fails, whether it is cut off, something else, or damaged inside", async () => {
  const cut = await verified("cut", { model: good.model.subarray(0, 1500) });
  expect(cut).toMatchObject({ state: "failed", stateReason: expect.stringMatching(/is no ONNX file: .* cut off/) });
  const other = await verified("other", { model: Buffer.from("this is a pickle, honestly") });
  expect(other).toMatchObject({ state: "failed", stateReason: expect.stringContaining("is no ONNX file") });
  const damaged = Buffer.from(good.model);
  damaged.write("Nonsense", damaged.lastIndexOf("LinearClassifier"));
  const inside = await verified("damaged", { model: damaged });
  expect(inside).toMatchObject({ state: "failed", stateReason: expect.stringContaining("ONNX Runtime cannot open") });
  expect([cut, other, inside].flatMap((version) => version.evidence)).toEqual([]);
});

test("a version that declares 12 features and has 11 fails with both numbers", async () => {
  const version = await verified("lying", { model: testModel({ features: 11 }) });
  expect(version).toMatchObject({
    state: "failed",
    stateReason: "input features: model.json declares the shape [-1, 12], the model has [-1, 11].",
  });
});

test("a model that keeps data outside of its file fails before it is opened", async () => {
  const version = await verified("external", { model: withExternalData(testModel({ features: 12 }), "/etc/passwd") });
  expect(version).toMatchObject({
    state: "failed",
    stateReason: expect.stringMatching(/external data of the tensor "weights" in "\/etc\/passwd"/),
  });
});

test("a reference sample that lacks a feature, or is no Parquet, fails", async () => {
  const json = good.json.replace("net_late_1h", "net_late_2h");
  expect(await verified("lacks", { json })).toMatchObject({
    state: "failed",
    stateReason: "The reference sample has no column net_late_2h.",
  });
  expect(await verified("no-parquet", { sample: Buffer.from("event_time,hour\n") })).toMatchObject({
    state: "failed",
    stateReason: expect.stringContaining("no Parquet file"),
  });
});

test("a file that the disk has changed since fails; one that is gone leaves the version pending, and the next is looked at", async () => {
  const file = async (bytes: Buffer) => (await artifactStore(directory).find(digest(bytes)))?.path ?? "";
  const lost = testModel({ features: 12, seed: 2 });
  const changed = testModel({ features: 12, seed: 3 });
  await registered("gone", { model: lost });
  await rm(await file(lost));
  await registered("changed", { model: changed });
  await writeFile(await file(changed), Buffer.alloc(changed.length));
  await expect(verifyVersions().run(running)).rejects.toThrow(`${digest(lost)} (model) is not in the store any more`);
  expect(await getVersion.call(ci, { name: "gone", version: 1 })).toMatchObject({ state: "pending" });
  expect(await getVersion.call(ci, { name: "changed", version: 1 })).toMatchObject({
    state: "failed",
    stateReason: expect.stringContaining(`registered is ${digest(changed)}`),
  });
});

test("versions that cannot be looked at, however many, do not hold up the next", async () => {
  for (let seed = 20; seed < 30; seed++) {
    const lost = testModel({ features: 12, seed });
    await registered(`lost-${seed}`, { model: lost });
    await rm((await artifactStore(directory).find(digest(lost)))?.path ?? "");
  }
  await registered("behind", { model: testModel({ features: 11 }) });
  const { run: round } = verifyVersions();
  for (const _ of [1, 2]) await expect(round(running)).rejects.toThrow("not in the store any more");
  expect(await getVersion.call(ci, { name: "behind", version: 1 })).toMatchObject({ state: "failed" });
});

/** The same model with one more weight that lies in another file: messages of one field are merged (protobuf). */
function withExternalData(model: Buffer, location: string): Buffer {
  const field = (tag: number, content: Buffer | string) =>
    Buffer.concat([Buffer.from([(tag << 3) | 2, content.length]), Buffer.from(content)]);
  const entry = Buffer.concat([field(1, "location"), field(2, location)]);
  const dims = Buffer.from([1 << 3, 1, 2 << 3, 1]);
  const isExternal = Buffer.from([14 << 3, 1]);
  const tensor = Buffer.concat([dims, field(8, "weights"), field(13, entry), isExternal]);
  return Buffer.concat([model, field(7, field(5, tensor))]);
}
