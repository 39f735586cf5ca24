import "server-only";
import { DEPLOYMENT } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import type { PromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { queueEvidenceRun } from "@/lib/governance/commands/queue-evidence-run";
import type { RunKind } from "@/lib/governance/evidence-run";
import type { GateItem } from "@/lib/governance/gate-item";

const RUN_FOR: Partial<Record<GateItem["gate"], RunKind>> = { load_curve: "load", drill: "drill" };

/**
 * Queues what the gate misses and the portal can measure itself. A run that failed or was cancelled is not repeated by itself: its
 * reason stands in the gate, and a person asks for the next one.
 */
export async function queueMissingEvidence(tx: Tx, facts: PromotionFacts, modelVersionId: string): Promise<void> {
  const { contractId, inputs } = facts;
  // Runs are made on the local target, and say nothing of a cluster.
  if (inputs.endpoint.target !== "local") return;
  for (const { gate, status } of facts.gate) {
    const kind = RUN_FOR[gate];
    if (kind === undefined || status !== "missing") continue;
    const last = await tx.evidenceRun.findFirst({
      where: { modelVersionId, contractId, kind },
      orderBy: { createdAt: "desc" },
      select: { state: true },
    });
    if (last && last.state !== "passed") continue;
    await queueEvidenceRun(tx, { kind, modelVersionId, contractId, actor: DEPLOYMENT });
  }
}
