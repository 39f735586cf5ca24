import { z } from "zod";

export const PROMOTION_STATES = [
  "in_review",
  "approved",
  "rolling_out",
  "applying",
  "active",
  "rejected",
  "withdrawn",
  "failed",
  "superseded",
  "rolled_back",
] as const;
export const promotionState = z.enum(PROMOTION_STATES);
export type PromotionState = z.output<typeof promotionState>;

/**
 * `approved -> in_review`: an input changed after the last approval, so the approvals are stale. The rest only goes forward. A revision that
 * takes over step by step is `rolling_out`; what its rollout ends with decides what comes then.
 */
const NEXT: Readonly<Record<PromotionState, readonly PromotionState[]>> = {
  in_review: ["approved", "rejected", "withdrawn"],
  approved: ["rolling_out", "applying", "in_review", "withdrawn"],
  rolling_out: ["applying", "rolled_back"],
  applying: ["active", "failed"],
  active: ["superseded"],
  rejected: [],
  withdrawn: [],
  failed: [],
  superseded: [],
  rolled_back: [],
};

/** Whether a promotion may go from one state to another. */
export function mayBecome(from: PromotionState, to: PromotionState): boolean {
  return NEXT[from].includes(to);
}

/** While a promotion is in one of these, its endpoint takes no other. */
export const OPEN_STATES: readonly PromotionState[] = ["in_review", "approved", "rolling_out", "applying"];
