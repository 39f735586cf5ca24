import "server-only";
import type { Tx } from "@/lib/db";
import { digestOf } from "@/lib/digest";

type Evidence = {
  readonly kind: "verification" | "evaluation" | "reference_sample";
  readonly modelVersionId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The account or process that found it. */
  readonly recordedBy: string;
};

/** Adds a fact about a model version that gates read, with the digest of its canonical form. */
export async function recordEvidence(tx: Tx, { kind, modelVersionId, payload, recordedBy }: Evidence): Promise<void> {
  const plain = JSON.parse(JSON.stringify(payload));
  await tx.evidence.create({
    data: {
      kind,
      subjectType: "model_version",
      subjectId: modelVersionId,
      payload: plain,
      digest: digestOf(plain),
      recordedBy,
    },
  });
}
