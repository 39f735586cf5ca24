import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { db, inTransaction } from "@/lib/db";
import { inferenceUrlOf } from "@/lib/deployments/observed-state";
import { endpointKey, inferenceToken } from "@/lib/deployments/schema";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { readIssuerKey } from "@/lib/inference/issuer-key";
import { operation } from "@/lib/operation";

const LIFETIME_S = 3600;

/**
 * A token for the inference calls of one endpoint, valid for an hour: ES256, subject = the caller's e-mail, audience = the endpoint.
 * `precondition` where another issuer gives out the tokens; the message names it.
 */
export const issueToken = operation({
  name: "inference.token",
  permission: "inference:token",
  input: endpointKey,
  output: inferenceToken,
  run: async ({ principal, input }) => {
    const endpoint = await db().endpoint.findUnique({ where: { name: input.name }, include: { cluster: true } });
    if (!endpoint) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    const { INFERENCE_ISSUER: issuer, INFERENCE_KEY_FILE: file } = env();
    if (issuer === undefined) {
      throw new AppError("precondition", "No issuer of inference tokens is configured (INFERENCE_ISSUER).");
    }
    if (file === undefined) {
      throw new AppError("precondition", `Tokens for this installation come from ${issuer}: ask there for one.`);
    }
    const key = await readIssuerKey(file);
    const issuedAt = Math.floor(Date.now() / 1000);
    const claims = {
      issuer,
      subject: principal.email,
      audience: endpoint.name,
      id: randomUUID(),
      issuedAt,
      expiresAt: issuedAt + LIFETIME_S,
    };
    const token = await key.sign(claims);
    const expiresAt = new Date(claims.expiresAt * 1000).toISOString();
    await inTransaction((tx) =>
      recordAudit(tx, {
        actor: principal,
        action: "inference.token",
        outcome: "done",
        subjectType: "endpoint",
        subject: endpoint.name,
        after: { tokenId: claims.id, audience: endpoint.name, issuer, expiresAt },
      }),
    );
    const inferenceUrl = inferenceUrlOf(endpoint.name, endpoint.observed, endpoint.cluster);
    return { token, issuer, audience: endpoint.name, subject: principal.email, expiresAt, inferenceUrl };
  },
});
