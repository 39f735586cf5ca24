import "server-only";
import { env } from "@/lib/env";
import { readIssuerKey } from "./issuer-key";

/** Whose tokens are believed where nobody else is named: this installation's own; null: it gives out none. The key set as JSON. */
export async function ownTokens(): Promise<{
  readonly issuer: string;
  readonly jwks: { readonly inline: string };
} | null> {
  const { INFERENCE_ISSUER: issuer, INFERENCE_KEY_FILE: file } = env();
  if (issuer === undefined || file === undefined) return null;
  const { publicKey } = await readIssuerKey(file);
  return { issuer, jwks: { inline: JSON.stringify({ keys: [publicKey] }) } };
}
