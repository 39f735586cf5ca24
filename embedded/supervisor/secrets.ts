import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";

const KEPT = [
  "postgresPassword",
  "migratorPassword",
  "applicationPassword",
  "runtimeToken",
  "probeSecret",
  "supervisorToken",
  "sessionSecret",
] as const;
/** Made anew with every start. */
const FRESH = ["directSecret"] as const;

export type Secrets = Readonly<Record<(typeof KEPT)[number] | (typeof FRESH)[number], string>>;

const random = () => randomBytes(32).toString("base64url");

/** The installation's random secrets, made once and kept in secrets.json (mode 0600). */
export function keepSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>) : {};
  const kept = Object.fromEntries(KEPT.map((name) => [name, known[name] ?? random()]));
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  return { ...kept, ...Object.fromEntries(FRESH.map((name) => [name, random()])) } as Secrets;
}

/** The private key (ES256, a JSON Web Key with `kid`) that signs inference tokens here; made once, mode 0600. Returns the file. */
export async function keepInferenceKey(dataDir: string): Promise<string> {
  const file = path.join(dataDir, "inference-key.json");
  if (existsSync(file)) return file;
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  writeFileSync(file, `${JSON.stringify({ ...jwk, kid, alg: "ES256", use: "sig" }, null, 2)}\n`, { mode: 0o600 });
  return file;
}
