import { env } from "@/lib/env";
import { type IssuerKey, readIssuerKey } from "@/lib/inference/issuer-key";

const TOKEN_S = 120;

/** What marks a request as ours, and signs tokens for it. */
export type ProbeAccess = { readonly secret: string; readonly issuer: string; readonly key: IssuerKey };

/** @throws Error when it is not configured */
export async function readProbeAccess(): Promise<ProbeAccess> {
  const { PROBE_SECRET: secret, INFERENCE_ISSUER: issuer, INFERENCE_KEY_FILE: file } = env();
  if (!secret || !issuer || !file) {
    throw new Error("PROBE_SECRET, INFERENCE_ISSUER and INFERENCE_KEY_FILE are needed to probe endpoints");
  }
  return { secret, issuer, key: await readIssuerKey(file) };
}

/** A token for one endpoint, valid for two minutes from `now` (milliseconds since 1970). */
export function probeToken(endpoint: string, { issuer, key }: ProbeAccess, now: number): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const claims = { issuer, subject: "probe", audience: endpoint, id: `probe-${now}` };
  return key.sign({ ...claims, issuedAt, expiresAt: issuedAt + TOKEN_S });
}
