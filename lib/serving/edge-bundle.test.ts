import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { fullDocument } from "@/lib/contracts/test-document";
import type { Verification } from "@/lib/registry/schema";
import { LOCAL_CAPABILITIES } from "./capabilities";
import { compile, type VersionIdentity } from "./compile";
import {
  type BundleParts,
  BundleRefused,
  type EdgeManifest,
  type Envelope,
  edgeManifestOf,
  type KeySet,
  openBundle,
  sealBundle,
  signedBytes,
} from "./edge-bundle";

const NOW = Date.parse("2026-11-24T21:00:00Z");
const sha256 = "a".repeat(64);
const schema: VersionIdentity["schema"] = {
  inputs: [{ name: "features", datatype: "FP32", shape: [-1, 2], features: ["hour", "distance"] }],
  outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 2] }],
};
const verification: Verification = {
  model: {
    ...{ irVersion: 10, producer: "skl2onnx", opsets: [], inputs: [], outputs: [], probabilities: ["probabilities"] },
    runtime: "onnxruntime 1.24.0",
    golden: [{ inputs: { features: [8, 500] }, outputs: { probabilities: [0.75, 0.25] } }],
  },
  sample: { rows: 1, columns: [], eventTime: { from: "2001-01-01T00:00:00Z", to: "2001-01-02T00:00:00Z" } },
};
const parts: BundleParts = {
  ...{ endpoint: "flights", revision: "flights-r3", contractDigest: "b".repeat(64), schema, verification },
  model: { name: "flight-delays", number: 3 },
  file: { path: "model.onnx", role: "model", size: 1234, sha256 },
  spec: compile(
    fullDocument(),
    { model: "flight-delays", version: 3, modelDigest: sha256, schema, endpoint: "flights" },
    LOCAL_CAPABILITIES,
  ),
};

const signer = (keyId: string) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
  return {
    keyId,
    signBytes: (bytes: Uint8Array) => sign("sha256", bytes, { key, dsaEncoding: "ieee-p1363" }),
    publicKey: { ...publicKey.export({ format: "jwk" }), kty: "EC", kid: keyId },
  };
};
const [ours, theirs] = [signer("ours"), signer("theirs")];
const keys: KeySet = { keys: [ours.publicKey] };

let manifest: EdgeManifest;
let sealed: Envelope;
beforeAll(() => {
  const made = edgeManifestOf(parts, NOW, 30);
  if (typeof made === "string") throw new Error(made);
  manifest = made;
  sealed = sealBundle(manifest, ours);
});

test("a manifest says what runs, until when, and what the device does when the model cannot", () => {
  expect(manifest).toMatchObject({
    runtime: { name: "onnxruntime", minVersion: "1.24.0" },
    files: [{ path: "model.onnx", sha256, size: 1234 }],
    score: { output: "probabilities", index: 1, threshold: 0.5 },
    golden: { rows: verification.model.golden },
    latencyMsP99: 25,
    failure: { onError: "previous_revision", onTimeout: "fallback", score: 0.2 },
    notAfter: "2026-12-24T00:00:00.000Z",
  });
});

test("a version without golden rows has no bundle, and the words say what to do", () => {
  expect(edgeManifestOf({ ...parts, verification: null }, NOW, 30)).toContain("register it again");
  const before = { ...verification, model: { ...verification.model, golden: undefined } };
  expect(edgeManifestOf({ ...parts, verification: JSON.parse(JSON.stringify(before)) }, NOW, 30)).toContain(
    "register it again",
  );
});

describe("a sealed bundle", () => {
  test("opens with the key that sealed it", async () => {
    expect(await openBundle(sealed, keys, NOW)).toEqual(manifest);
    expect(await openBundle(sealed, { keys: [theirs.publicKey, ours.publicKey] }, NOW)).toEqual(manifest);
  });
  test("has the same payload for the same manifest, and the same day", () => {
    expect(sealBundle(manifest, theirs).payload).toBe(sealed.payload);
    expect(edgeManifestOf(parts, NOW + 3600_000, 30)).toEqual(manifest);
  });
  test.each([
    ["whose time is over", () => [sealed, keys, Date.parse("2026-12-24T00:00:00Z")], "over since 2026-12-24"],
    ["of a key that is not known", () => [sealed, { keys: [theirs.publicKey] }, NOW], "it names ours"],
    [
      "signed by another under our name",
      () => [sealBundle(manifest, { ...theirs, keyId: "ours" }), keys, NOW],
      "was changed",
    ],
    ["of another type", () => [{ ...sealed, payloadType: "text/plain" }, keys, NOW], "not as an edge bundle"],
    ["that is no envelope", () => [{ hello: "world" }, keys, NOW], "no signed bundle"],
    ["whose key is no key", () => [sealed, { keys: [{ kty: "EC", kid: "ours" }] }, NOW], "no public key on P-256"],
  ] as const)("is refused %s", async (_what, given, words) => {
    const [bundle, by, now] = given() as [unknown, KeySet, number];
    const refusal = openBundle(bundle, by, now);
    await expect(refusal).rejects.toThrow(BundleRefused);
    await expect(refusal).rejects.toThrow(words);
  });
  test("is refused after a change of any one byte of what was signed", async () => {
    const bytes = Buffer.from(sealed.payload, "base64");
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ by;
        await expect(openBundle({ ...sealed, payload: changed.toString("base64") }, keys, NOW)).rejects.toThrow(
          "was changed",
        );
      }),
    );
  });
});

/** The example of the DSSE specification (protocol.md). */
test("what is signed is DSSE's encoding", () => {
  const bytes = signedBytes("http://example.com/HelloWorld", new TextEncoder().encode("hello world"));
  expect(new TextDecoder().decode(bytes)).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
});
