import { createPublicKey, hash, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import type { EndpointConfig } from "@/lib/inference/desired-state";
import { Refusal } from "./refusal";

type Auth = EndpointConfig["auth"];
type VerificationKey = { key: KeyObject; algorithm: "RS256" | "ES256" };
type Verdict = { client: string; wrongAudience: boolean; until: number };

/** How long a verified token is trusted without looking again: a key that was taken away stops working after this. */
const CACHE_MS = 60_000;
const CACHE_TOKENS = 10_000;
const CLOCK_SKEW_MS = 30_000;

/** @throws Error naming the key that cannot be used. Keys by `kid`; one without is found by tokens without. */
export function readKeys(jwks: Auth["jwks"]): Map<string, VerificationKey> {
  const keys = new Map<string, VerificationKey>();
  for (const [index, jwk] of jwks.keys.entries()) {
    const kid = typeof jwk.kid === "string" ? jwk.kid : "";
    if (keys.has(kid)) throw new Error(`jwks.keys[${index}]: a second key with kid "${kid}"`);
    keys.set(kid, readKey(jwk, `jwks.keys[${index}]`));
  }
  return keys;
}

function readKey(jwk: Record<string, unknown>, where: string): VerificationKey {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
  } catch (error) {
    throw new Error(`${where}: not a public key (${error instanceof Error ? error.message : "unreadable"})`);
  }
  const details = key.asymmetricKeyDetails;
  const isRsa = key.asymmetricKeyType === "rsa" && (details?.modulusLength ?? 0) >= 2048;
  const isP256 = key.asymmetricKeyType === "ec" && details?.namedCurve === "prime256v1";
  if (!isRsa && !isP256) throw new Error(`${where}: expected RSA of at least 2048 bits or EC on P-256`);
  const algorithm = isRsa ? "RS256" : "ES256";
  if (jwk.alg !== undefined && jwk.alg !== algorithm)
    throw new Error(`${where}: alg ${jwk.alg}, expected ${algorithm}`);
  return { key, algorithm };
}

/** Checks bearer tokens (JWT, RS256 or ES256) against one issuer and audience; verified tokens are cached by SHA-256. */
export class Authenticator {
  private readonly keys: Map<string, VerificationKey>;
  private readonly cache = new Map<string, Verdict>();

  constructor(private readonly auth: Auth) {
    this.keys = readKeys(auth.jwks);
  }

  /**
   * @param now milliseconds since 1970
   * @returns the subject of the token
   * @throws Refusal 401 (none, malformed, unknown key, expired, bad signature) or 403 (made for another audience)
   */
  check(header: string | undefined, now: number): string {
    if (header === undefined || !/^bearer /i.test(header) || header.length > 4096) {
      throw denied("a bearer token is required");
    }
    const token = header.slice(7);
    const digest = hash("sha256", token, "base64");
    let verdict = this.cache.get(digest);
    if (!verdict || verdict.until <= now) {
      verdict = this.verify(token, now);
      if (this.cache.size >= CACHE_TOKENS) this.cache.delete(this.cache.keys().next().value ?? "");
      this.cache.set(digest, verdict);
    }
    if (verdict.wrongAudience) {
      throw new Refusal(403, "audience", `the token is for another audience, expected '${this.auth.audience}'`);
    }
    return verdict.client;
  }

  /** The cheap checks come before the signature (22 to 54 microseconds), so that a flood of made-up tokens costs little. */
  private verify(token: string, now: number): Verdict {
    const [head = "", payload = "", signature = "", rest] = token.split(".");
    const header = decode(head);
    const claims = decode(payload);
    if (rest !== undefined || !header || !claims) throw denied("malformed token");
    const known = this.keys.get(typeof header.kid === "string" ? header.kid : "");
    // The key decides the algorithm, never the token: no "none", no public key used as an HMAC secret.
    if (!known || header.alg !== known.algorithm || header.crit !== undefined) throw denied("unknown key or algorithm");
    if (claims.iss !== this.auth.issuer) throw denied("wrong issuer");
    const { client, until } = readClaims(claims, now);
    const signed = Buffer.from(`${head}.${payload}`);
    const key = { key: known.key, dsaEncoding: "ieee-p1363" } as const;
    if (!verify("sha256", signed, key, Buffer.from(signature, "base64url"))) throw denied("bad signature");
    return { client, wrongAudience: ![claims.aud].flat().includes(this.auth.audience), until };
  }
}

function readClaims(claims: Record<string, unknown>, now: number): { client: string; until: number } {
  const { sub, exp, nbf } = claims;
  if (typeof sub !== "string" || sub === "" || sub.length > 256) throw denied("the token names no subject");
  const expired = typeof exp !== "number" || !(exp * 1000 > now);
  const early = nbf !== undefined && !(typeof nbf === "number" && nbf * 1000 <= now + CLOCK_SKEW_MS);
  if (expired || early) throw denied("token expired or not yet valid");
  return { client: sub, until: Math.min(exp * 1000, now + CACHE_MS) };
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const denied = (text: string) => new Refusal(401, "token", text);
