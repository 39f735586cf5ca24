import "server-only";
import type { Tx } from "@/lib/db";
import { digestOf } from "@/lib/digest";

type Evidence = {
  readonly kind: "verification" | "evaluation" | "reference_sample" | "load_curve" | "load_curve_attested" | "drill";
  readonly modelVersionId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The account or process that found it. */
  readonly recordedBy: string;
};

/** Adds a fact about a model version that gates read, with the digest of its canonical form. @returns the row's id and digest */
export async function recordEvidence(
  tx: Tx,
  { kind, modelVersionId, payload, recordedBy }: Evidence,
): Promise<{ readonly id: string; readonly digest: string }> {
  const plain = JSON.parse(JSON.stringify(payload));
  return tx.evidence.create({
    data: {
      kind,
      subjectType: "model_version",
      subjectId: modelVersionId,
      payload: plain,
      digest: digestOf(plain),
      recordedBy,
    },
    select: { id: true, digest: true },
  });
}
