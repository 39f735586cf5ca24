import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EdgeManifest, sealBundle } from "@/lib/serving/edge-bundle";
import { ok, runAsPerson, testPortal } from "./test-portal";

const MODEL = "the bytes of a model";
const sha256 = createHash("sha256").update(MODEL).digest("hex");
const manifest: EdgeManifest = {
  ...{ format: 1, endpoint: "flights", revision: "flights-r3", contractDigest: "b".repeat(64), latencyMsP99: 25 },
  model: { name: "flight-delays", version: 3, digest: sha256 },
  runtime: { name: "onnxruntime", minVersion: "1.24.0" },
  files: [{ path: "model.onnx", sha256, size: MODEL.length }],
  schema: {
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, 1] }],
    outputs: [{ name: "y", datatype: "FP32", shape: [-1, 1] }],
  },
  score: { output: "y", index: 0, threshold: 0.5 },
  golden: { tolerance: 1e-4, rows: [{ inputs: { x: [1] }, outputs: { y: [0.5] } }] },
  failure: { onError: "fallback", onTimeout: "error", score: 0.2 },
  notAfter: "2999-01-01T00:00:00.000Z",
};
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "ours" }] };
const bundle = sealBundle(manifest, {
  keyId: "ours",
  signBytes: (bytes) => sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }),
});

let directory: string;
let files: Map<string, string>;
let portal: Awaited<ReturnType<typeof testPortal>>;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "bundle-"));
  files = new Map([[sha256, MODEL]]);
  const device = { device: "gate-7", state: "current", reported: "flights-r3", declared: "flights-r3" };
  portal = await testPortal(
    {
      "GET /api/v1/endpoints/flights/bundle": () => ok({ bundle, keys }),
      "POST /api/v1/endpoints/flights/devices": () => ok(device),
    },
    files,
  );
});
afterEach(async () => {
  await portal.close();
  await rm(directory, { recursive: true, force: true });
});

const proviso = (...argv: string[]) => runAsPerson(portal.url, argv);
const at = (name: string) => path.join(directory, name);
const pull = (...options: string[]) => proviso("bundle", "pull", "flights", "--to", directory, ...options);

test("a bundle that was pulled is whole, and can be verified without a server", async () => {
  expect(await pull()).toMatchObject({ code: 0, out: expect.stringContaining("flights-r3 (flight-delays v3)") });
  expect(await readFile(at("model.onnx"), "utf8")).toBe(MODEL);
  expect((await readdir(directory)).sort()).toEqual(["bundle.json", "keys.json", "model.onnx"]);
  await portal.close();
  expect(await proviso("bundle", "verify", directory, "--keys", at("keys.json"))).toMatchObject({ code: 0 });
});

test("a file that is another on the way is not kept, and neither is the bundle", async () => {
  files.set(sha256, "other bytes");
  expect(await pull()).toMatchObject({ code: 1, err: expect.stringContaining(`${sha256} was signed`) });
  expect(await readdir(directory)).toEqual([]);
});

test("a bundle by other keys than the given ones is refused before anything is written", async () => {
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
  await writeFile(at("trusted.json"), JSON.stringify({ keys: [{ ...other, kid: "theirs" }] }));
  expect(await pull("--keys", at("trusted.json"))).toMatchObject({
    code: 1,
    err: expect.stringContaining("it names ours"),
  });
  expect(await readdir(directory)).toEqual(["trusted.json"]);
});

test("a file that was changed on the device is found, and nothing is reported of it", async () => {
  await pull();
  await appendFile(at("model.onnx"), "!");
  const about = ["--keys", at("keys.json"), "--device", "gate-7", "--runtime", "onnxruntime 1.24.0", "--passed"];
  expect(await proviso("bundle", "verify", directory, "--keys", at("keys.json"))).toMatchObject({ code: 1 });
  expect(await proviso("bundle", "report", directory, ...about)).toMatchObject({ code: 1 });
  expect(portal.seen.filter(({ method }) => method === "POST")).toEqual([]);
});

test("a report says which revision and file the device runs, and how its own test went", async () => {
  await pull();
  const about = ["--keys", at("keys.json"), "--device", "gate-7", "--runtime", "onnxruntime 1.24.0"];
  expect(await proviso("bundle", "report", directory, ...about)).toMatchObject({ code: 2 });
  await proviso("bundle", "report", directory, ...about, "--failed", "row 0 is 0.4, not 0.5");
  expect(await proviso("bundle", "report", directory, ...about, "--passed")).toMatchObject({
    code: 0,
    out: expect.stringContaining("current"),
  });
  const said = { device: "gate-7", revision: "flights-r3", modelDigest: sha256, runtime: "onnxruntime 1.24.0" };
  expect(portal.seen.filter(({ method }) => method === "POST").map(({ body }) => body)).toEqual([
    { ...said, passed: false, reason: "row 0 is 0.4, not 0.5" },
    { ...said, passed: true },
  ]);
});
