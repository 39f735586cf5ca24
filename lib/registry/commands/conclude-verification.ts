import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";
import { recordEvidence } from "@/lib/registry/commands/record-evidence";
import type { Verification } from "@/lib/registry/schema";
import { toVersion } from "@/lib/registry/version-row";

export type Outcome =
  | { readonly ok: true; readonly verification: Verification }
  | { readonly ok: false; readonly reason: string };

const ACTOR = { email: "verification", kind: "process" } as const;

/**
 * Writes what the verification of a pending version found: READY with its evidence, or FAILED with the reason. A version that is
 * not pending any more is left as it is (another worker was faster).
 * @returns whether this call decided it
 */
export async function concludeVerification(tx: Tx, id: string, outcome: Outcome): Promise<boolean> {
  const [locked] = await tx.$queryRaw<
    { state: string }[]
  >`SELECT state FROM model_version WHERE id = ${id}::uuid FOR UPDATE`;
  if (locked?.state !== "pending") return false;
  const row = await tx.modelVersion.update({
    where: { id },
    data: {
      state: outcome.ok ? "ready" : "failed",
      stateReason: outcome.ok ? null : outcome.reason,
      ...(outcome.ok && { verification: outcome.verification }),
      verifiedAt: new Date(),
    },
    include: { model: true },
  });
  const version = toVersion(row.model.name, row);
  if (outcome.ok) {
    const { model, sample } = outcome.verification;
    const file = (role: string) => version.files.find((each) => each.role === role);
    const payloads = {
      verification: { versionDigest: version.digest, file: file("model"), ...model },
      evaluation: version.evaluation,
      reference_sample: { file: file("reference_sample"), ...sample },
    } as const;
    for (const [kind, payload] of Object.entries(payloads)) {
      const recorded = { kind: kind as keyof typeof payloads, modelVersionId: id, payload, recordedBy: ACTOR.email };
      await recordEvidence(tx, recorded);
    }
  }
  await recordAudit(tx, {
    actor: ACTOR,
    action: "model_version.verify",
    outcome: "done",
    subjectType: "model_version",
    subject: `${version.model} v${version.number}`,
    before: { state: "pending" },
    after: { state: version.state, digest: version.digest },
    ...(version.stateReason !== null && { reason: version.stateReason }),
  });
  return true;
}
