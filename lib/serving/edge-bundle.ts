import canonicalize from "canonicalize";
import { z } from "zod";
import { failureMode } from "@/lib/contracts/document";
import { goldenRow } from "@/lib/registry/golden-row";
import { type ModelSchema, modelSchema, type VersionFile, versionFile } from "@/lib/registry/model-schema";
import type { Verification } from "@/lib/registry/schema";
import type { ServingSpec } from "@/lib/serving/schema";
import { failureModeOf } from "@/lib/serving/spec-failure";
import { numberAt, rulesOf, textAt } from "@/lib/serving/spec-values";
import { DAY_MS } from "@/lib/time";

/**
 * What a device at the edge is given of a revision: a manifest in canonical JSON (RFC 8785), signed as a DSSE envelope, and files by
 * their digests. A device checks the signature, the expiry, the digests and its own answers to the golden rows before it switches, and
 * keeps the bundle of before to go back to.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits");

export const edgeManifest = z.strictObject({
  format: z.literal(1),
  endpoint: z.string(),
  revision: z.string(),
  model: z.strictObject({ name: z.string(), version: z.int(), digest: sha256 }),
  contractDigest: sha256,
  /** The version that the model was verified with: an older one need not know its operators. */
  runtime: z.strictObject({ name: z.literal("onnxruntime"), minVersion: z.string() }),
  files: z.array(versionFile.omit({ role: true })).min(1),
  schema: modelSchema,
  /** Where the score of a row is, and from which value on the decision is yes. */
  score: z.strictObject({ output: z.string(), index: z.int().min(0), threshold: z.number() }),
  /** Rows and what the model answers to each, alone; every number of a device's answer may differ by the tolerance at most. */
  golden: z.strictObject({ tolerance: z.number().positive(), rows: z.array(goldenRow).min(1) }),
  /** Milliseconds that 99 of 100 answers may take on the device; null: the contract promises none. */
  latencyMsP99: z.number().positive().nullable(),
  /** What the device answers when its model cannot; `previous_revision`: the bundle of before. */
  failure: z.strictObject({
    onError: failureMode.shape.onError,
    onTimeout: failureMode.shape.onTimeout,
    score: z.number().min(0).max(1).nullable(),
  }),
  /** From then on the device must not answer by this model any more. */
  notAfter: z.iso.datetime(),
});
export type EdgeManifest = z.output<typeof edgeManifest>;

/** Dead Simple Signing Envelope; the signature is ES256 in the encoding of JWS (64 bytes). */
export const envelope = z.strictObject({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).min(1),
});
export type Envelope = z.output<typeof envelope>;

/** Public keys (JSON Web Key Set) that may have signed. */
export const keySet = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })).min(1),
});
export type KeySet = z.output<typeof keySet>;

const PAYLOAD_TYPE = "application/vnd.proviso.edge-bundle+json";

/** The bundle is not what it says, or not to be used any more; the message is for a person. */
export class BundleRefused extends Error {
  override readonly name = "BundleRefused";
}

/** What is signed: type and body with their lengths, so that neither can pass for a part of the other (DSSE, "PAE"). */
export function signedBytes(payloadType: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const type = encode(payloadType);
  const parts = [encode(`DSSEv1 ${type.length} `), type, encode(` ${body.length} `), body];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** What a bundle is made of. */
export type BundleParts = {
  readonly endpoint: string;
  readonly revision: string;
  readonly contractDigest: string;
  readonly spec: ServingSpec;
  readonly model: { readonly name: string; readonly number: number };
  readonly schema: ModelSchema;
  readonly file: VersionFile;
  readonly verification: Verification | null;
};

/** One answer of single precision may differ so much from another machine's. */
const TOLERANCE = 1e-4;

/**
 * The manifest of a revision, or in words why there is none. Times are milliseconds since 1970; the bundle ends with a UTC day, so that
 * two of the same day are the same.
 */
export function edgeManifestOf(parts: BundleParts, now: number, days: number): EdgeManifest | string {
  const { endpoint, revision, contractDigest, spec, model, schema, file, verification } = parts;
  const golden = verification?.model.golden ?? [];
  const minVersion = /^onnxruntime (\S+)$/.exec(verification?.model.runtime ?? "")?.[1];
  if (golden.length === 0 || minVersion === undefined) {
    return `${model.name} v${model.number} was verified before answers were kept with a version, so a device could not test itself: register it again.`;
  }
  const failure = failureModeOf(spec);
  const latencies = rulesOf(spec, "p99").map(({ target }) => target);
  return {
    format: 1,
    endpoint,
    revision,
    model: { name: model.name, version: model.number, digest: file.sha256 },
    contractDigest,
    runtime: { name: "onnxruntime", minVersion },
    files: [{ path: file.path, sha256: file.sha256, size: file.size }],
    schema,
    score: {
      output: textAt(spec, "interface.output.name"),
      index: numberAt(spec, "interface.output.index"),
      threshold: numberAt(spec, "interface.output.threshold"),
    },
    golden: { tolerance: TOLERANCE, rows: [...golden] },
    latencyMsP99: latencies.length > 0 ? Math.min(...latencies) : null,
    failure: {
      onError: failure?.onError ?? "error",
      onTimeout: failure?.onTimeout ?? "error",
      score: failure?.fallback?.score ?? null,
    },
    notAfter: new Date((Math.floor(now / DAY_MS) + days) * DAY_MS).toISOString(),
  };
}

type Signer = { readonly keyId: string; readonly signBytes: (bytes: Uint8Array) => Uint8Array };

/** The same manifest gives the same payload. */
export function sealBundle(manifest: EdgeManifest, signer: Signer): Envelope {
  const body = new TextEncoder().encode(canonicalize(edgeManifest.parse(manifest)));
  const sig = signer.signBytes(signedBytes(PAYLOAD_TYPE, body));
  return {
    payloadType: PAYLOAD_TYPE,
    payload: base64(body),
    signatures: [{ keyid: signer.keyId, sig: base64(sig) }],
  };
}

/**
 * The manifest of a bundle whose signature is by one of the keys and whose time is not over at `now` (milliseconds since 1970).
 * Throws `BundleRefused`.
 */
export async function openBundle(sealed: unknown, keys: KeySet, now: number): Promise<EdgeManifest> {
  const parsed = envelope.safeParse(sealed);
  if (!parsed.success) throw new BundleRefused("This is no signed bundle.");
  const { payloadType, payload, signatures } = parsed.data;
  if (payloadType !== PAYLOAD_TYPE) throw new BundleRefused(`This is signed as ${payloadType}, not as an edge bundle.`);
  const body = bytesOf(payload);
  await checkSignature(signedBytes(payloadType, body), signatures, keys);
  const manifest = edgeManifest.safeParse(JSON.parse(new TextDecoder().decode(body)));
  if (!manifest.success) {
    const [issue] = manifest.error.issues;
    throw new BundleRefused(`The manifest is not readable here: ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  if (Date.parse(manifest.data.notAfter) <= now) {
    throw new BundleRefused(`The bundle is over since ${manifest.data.notAfter}: pull a new one.`);
  }
  return manifest.data;
}

async function checkSignature(bytes: Uint8Array<ArrayBuffer>, signatures: Envelope["signatures"], { keys }: KeySet) {
  for (const { keyid, sig } of signatures) {
    const jwk = keys.find(({ kid }) => kid === keyid);
    if (!jwk) continue;
    const key = await publicKey(jwk);
    if (await crypto.subtle.verify(ES256, key, bytesOf(sig), bytes)) return;
    throw new BundleRefused(`The signature by the key ${keyid} does not fit: the bundle was changed.`);
  }
  throw new BundleRefused(
    `None of the known keys has signed this; it names ${signatures.map((s) => s.keyid).join(", ")}.`,
  );
}

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function publicKey({ kid, kty, crv, x, y }: KeySet["keys"][number]): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { kty, crv, x, y } as JsonWebKey, ES256, false, ["verify"]);
  } catch {
    throw new BundleRefused(`The key ${kid} is no public key on P-256.`);
  }
}

const base64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
