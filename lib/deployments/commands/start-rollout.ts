import "server-only";
import type { AuditActor } from "@/lib/audit/schema";
import type { RolloutPlan } from "@/lib/contracts/document";
import type { Tx } from "@/lib/db";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { giveShare } from "@/lib/deployments/desired-change";
import { ROLLOUT_NAMES } from "@/lib/deployments/rollout-row";

export type NewRollout = {
  readonly promotionId: number;
  readonly endpoint: { readonly id: string; readonly generation: number };
  readonly candidateId: string;
  readonly incumbentId: string;
  readonly plan: RolloutPlan;
  readonly actor: AuditActor;
};

/**
 * Begins a rollout: the target is to load the candidate beside what serves, and to give it no request. The endpoint is locked, and the
 * promotion says `rolling_out` already.
 */
export async function startRollout(tx: Tx, start: NewRollout): Promise<void> {
  const { endpoint, promotionId, candidateId, incumbentId, plan, actor } = start;
  const row = await tx.rollout.create({
    data: { promotionId, endpointId: endpoint.id, candidateId, incumbentId, plan },
    include: ROLLOUT_NAMES,
  });
  const desired = giveShare(endpoint, candidateId, { percent: 0, shadow: false });
  await tx.endpoint.update({ where: { id: endpoint.id }, data: desired });
  const steps = plan.steps.map(({ percent }) => percent);
  await recordRolloutEvent(tx, row, {
    kind: "started",
    actor,
    reason: `promotion ${promotionId} was approved`,
    before: { serving: row.incumbent.name, generation: endpoint.generation },
    after: { generation: desired.generation, shadow: plan.shadow, steps },
  });
}
