// What the API server proves itself with: a private authority, one server certificate for everything on loopback, and the key
// pair that signs tokens of service accounts.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const DAYS = "30";
const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

export type Certificates = {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
  readonly accountsPublicKey: string;
  readonly accountsKey: string;
  /** PEM of the authority. */
  readonly authorityPem: string;
};

/** Makes all of it in `dir`. */
export function makeCertificates(dir: string): Certificates {
  mkdirSync(dir, { recursive: true });
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: dir, stdio: ["ignore", "ignore", "pipe"] });
  const use = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  const authority = ["-keyout", "ca.key", "-out", "ca.crt", "-days", DAYS, "-subj", "/CN=loopback-ca"];
  openssl("req", "-x509", ...NEW_KEY, ...authority, ...use);
  openssl("req", ...NEW_KEY, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=localhost");
  const names = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc";
  writeFileSync(path.join(dir, "tls.ext"), `${names}\nextendedKeyUsage=serverAuth\n`);
  const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", DAYS];
  openssl("x509", "-req", "-in", "tls.csr", ...signer, "-extfile", "tls.ext", "-out", "tls.crt");
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const at = (name: string) => path.join(dir, name);
  writeFileSync(at("accounts.pub"), pair.publicKey);
  writeFileSync(at("accounts.key"), pair.privateKey, { mode: 0o600 });
  return {
    authority: at("ca.crt"),
    certificate: at("tls.crt"),
    key: at("tls.key"),
    accountsPublicKey: at("accounts.pub"),
    accountsKey: at("accounts.key"),
    authorityPem: readFileSync(at("ca.crt"), "utf8"),
  };
}
