import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { ISSUER, TokenSigner } from "./test-host";
import { Authenticator, readKeys } from "./token";

const signer = new TokenSigner("rsa");
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ecJwk = { ...ec.publicKey.export({ format: "jwk" }), kid: "ec" };
const auth = { issuer: ISSUER, audience: "flights", jwks: { keys: [signer.jwk, ecJwk] } };
const now = Date.now();
const check = (token: string | undefined, at = now) =>
  new Authenticator(auth).check(token === undefined ? undefined : `Bearer ${token}`, at);
const refused = (status: number, message: string) => expect.objectContaining({ status, message });
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
const claims = { iss: ISSUER, sub: "client", aud: "flights", exp: Math.floor(now / 1000) + 600 };

test("accepts RS256 and ES256 and returns the subject", () => {
  expect(check(signer.sign({ aud: ["other", "flights"], sub: "svc" }))).toBe("svc");
  const signed = `${encode({ alg: "ES256", kid: "ec" })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: ec.privateKey, dsaEncoding: "ieee-p1363" });
  expect(check(`${signed}.${signature.toString("base64url")}`)).toBe("client");
});

test("refuses no token and other schemes with 401", () => {
  const authenticator = new Authenticator(auth);
  expect(() => authenticator.check(undefined, now)).toThrow(refused(401, "a bearer token is required"));
  expect(() => authenticator.check("Basic abc", now)).toThrow(refused(401, "a bearer token is required"));
});

test("refuses a token without signature algorithm, or with the public key as HMAC secret", () => {
  const none = `${encode({ alg: "none", kid: "rsa" })}.${encode(claims)}.`;
  expect(() => check(none)).toThrow(refused(401, "unknown key or algorithm"));
  const signed = `${encode({ alg: "HS256", kid: "rsa" })}.${encode(claims)}`;
  const hmac = createHmac("sha256", JSON.stringify(signer.jwk)).update(signed).digest("base64url");
  expect(() => check(`${signed}.${hmac}`)).toThrow(refused(401, "unknown key or algorithm"));
});

test("refuses a token that names the algorithm of another key type", () => {
  expect(() => check(signer.sign({ aud: "flights" }, { kid: "ec" }))).toThrow(refused(401, "unknown key or algorithm"));
});

test("refuses an unknown key id", () => {
  expect(() => check(signer.sign({ aud: "flights" }, { kid: "gone" }))).toThrow(
    refused(401, "unknown key or algorithm"),
  );
});

test("refuses a token signed by a stranger under a known key id", () => {
  expect(() => check(new TokenSigner("rsa").sign({ aud: "flights" }))).toThrow(refused(401, "bad signature"));
});

test("refuses another audience with 403, and only when the signature is good", () => {
  const message = "the token is for another audience, expected 'flights'";
  expect(() => check(signer.sign({ aud: "other" }))).toThrow(refused(403, message));
  expect(() => check(new TokenSigner("rsa").sign({ aud: "other" }))).toThrow(refused(401, "bad signature"));
});

test.each([
  ["another issuer", { iss: "http://elsewhere" }, "wrong issuer"],
  ["no expiry", { exp: undefined }, "token expired or not yet valid"],
  ["an expiry as text", { exp: "never" }, "token expired or not yet valid"],
  ["a start in the future", { nbf: now / 1000 + 120 }, "token expired or not yet valid"],
  ["no subject", { sub: undefined }, "the token names no subject"],
])("refuses %s with 401", (_, changed, message) => {
  expect(() => check(signer.sign({ aud: "flights", ...changed }))).toThrow(refused(401, message));
});

test("a cached token stops working when it expires", () => {
  const authenticator = new Authenticator(auth);
  const header = `Bearer ${signer.sign({ aud: "flights", exp: now / 1000 + 10 })}`;
  expect(authenticator.check(header, now)).toBe("client");
  expect(authenticator.check(header, now + 9_000)).toBe("client");
  expect(() => authenticator.check(header, now + 10_000)).toThrow(refused(401, "token expired or not yet valid"));
});

test("refuses key sets that are weak or ambiguous, naming the key", () => {
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
  expect(() => readKeys({ keys: [{ ...weak }] })).toThrow(
    "jwks.keys[0]: expected RSA of at least 2048 bits or EC on P-256",
  );
  expect(() => readKeys({ keys: [signer.jwk, signer.jwk] })).toThrow('jwks.keys[1]: a second key with kid "rsa"');
  expect(() => readKeys({ keys: [{ kty: "RSA" }] })).toThrow(/^jwks\.keys\[0\]: not a public key/);
});
