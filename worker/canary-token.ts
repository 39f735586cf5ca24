import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { EndpointConfig } from "@/lib/inference/desired-state";

const ISSUER = "proviso:evidence";
const KEY_ID = "canary";

/** A key made on the spot, and a token of one hour that only the copy with this key accepts. */
export async function canaryToken(endpoint: string): Promise<{ token: string; auth: EndpointConfig["auth"] }> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), kid: KEY_ID, alg: "ES256", use: "sig" };
  const token = await new SignJWT()
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: KEY_ID })
    .setIssuer(ISSUER)
    .setSubject("evidence")
    .setAudience(endpoint)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(privateKey);
  return { token, auth: { issuer: ISSUER, audience: endpoint, jwks: { keys: [jwk] } } };
}
