import { createPrivateKey, type JsonWebKeyInput, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { calculateJwkThumbprint, importJWK, type JWK, SignJWT } from "jose";

/** The installation's own issuer of inference tokens: one ES256 key in a file (a private JSON Web Key). */
export type IssuerKey = {
  readonly keyId: string;
  /** The public half, as a verifier wants it. */
  readonly publicKey: JWK;
  readonly sign: (claims: TokenClaims) => Promise<string>;
  /** ES256 over bytes, in the encoding of JWS (64 bytes). */
  readonly signBytes: (bytes: Uint8Array) => Uint8Array;
};

export type TokenClaims = {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly id: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
};

/** Reads the key. Throws when the file is missing or holds no private P-256 key; the message never shows the key. */
export async function readIssuerKey(file: string): Promise<IssuerKey> {
  const jwk = parse(await readFile(file, "utf8"), file);
  const keyId = jwk.kid ?? (await calculateJwkThumbprint(jwk));
  const { kty, crv, x, y } = jwk;
  const key = await importJWK(jwk, "ES256");
  const privateKey = createPrivateKey({ key: jwk, format: "jwk" } as JsonWebKeyInput);
  return {
    keyId,
    publicKey: { kty, crv, x, y, kid: keyId, alg: "ES256", use: "sig" } as JWK,
    sign: (claims) =>
      new SignJWT()
        .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: keyId })
        .setIssuer(claims.issuer)
        .setSubject(claims.subject)
        .setAudience(claims.audience)
        .setJti(claims.id)
        .setIssuedAt(claims.issuedAt)
        .setExpirationTime(claims.expiresAt)
        .sign(key),
    signBytes: (bytes) => sign("sha256", bytes, { key: privateKey, dsaEncoding: "ieee-p1363" }),
  };
}

function parse(text: string, file: string): JWK {
  let jwk: JWK;
  try {
    jwk = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON.`);
  }
  if (jwk?.kty !== "EC" || jwk.crv !== "P-256" || !jwk.d) throw new Error(`${file} holds no private P-256 key.`);
  return jwk;
}
