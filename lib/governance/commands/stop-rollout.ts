import "server-only";
import { db, inTransaction } from "@/lib/db";
import { endRollout } from "@/lib/deployments/commands/end-rollout";
import { lockRollout } from "@/lib/deployments/commands/lock-rollout";
import { OPEN_ROLLOUT_STATES } from "@/lib/deployments/rollout";
import { stopRolloutInput } from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";
import { concludeRollout } from "@/lib/governance/commands/conclude-rollout";
import { lockPromotion } from "@/lib/governance/commands/lock-promotion";
import { rolloutEnded } from "@/lib/governance/rollout-ended";
import { operation } from "@/lib/operation";

/**
 * Goes back now: every request to what serves, in one change, and the promotion is rolled back. `conflict` when the rollout ended before.
 */
export const stopRollout = operation({
  name: "rollout.stop",
  permission: "rollout:hold",
  input: stopRolloutInput,
  output: rolloutEnded,
  run: async ({ principal, input }) => {
    const found = await db().rollout.findUnique({ where: { id: input.id }, select: { promotionId: true } });
    if (!found) throw new AppError("not_found", "There is no such rollout.");
    return inTransaction(async (tx) => {
      await lockPromotion(tx, found.promotionId);
      const row = await lockRollout(tx, input.id);
      if (!row) throw new AppError("not_found", "There is no such rollout.");
      if (!OPEN_ROLLOUT_STATES.some((state) => state === row.state)) {
        const message = `The rollout of ${row.candidate.name} ended already: ${row.state.replace("_", " ")}.`;
        throw new AppError("conflict", message, undefined, { subject: row.endpoint.name });
      }
      await endRollout(tx, row, { state: "stopped", reason: input.reason, actor: principal });
      await concludeRollout(tx, row.promotionId, principal);
      const { endpoint, candidate, incumbent } = row;
      return {
        ...{ id: row.id, endpoint: endpoint.name, state: "stopped" as const, promotion: row.promotionId },
        ...{ candidate: candidate.name, serving: incumbent.name },
      };
    });
  },
});
