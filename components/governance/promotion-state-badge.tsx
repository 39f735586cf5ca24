import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import type { PromotionState } from "@/lib/governance/promotion-state";

const LOOK: Readonly<Record<PromotionState, { readonly state: ClauseStateName; readonly word: string }>> = {
  in_review: { state: "unproven", word: "In review" },
  approved: { state: "met", word: "Approved" },
  rolling_out: { state: "unproven", word: "Rolling out" },
  applying: { state: "unproven", word: "Being applied" },
  active: { state: "met", word: "Active" },
  rejected: { state: "breached", word: "Rejected" },
  withdrawn: { state: "unproven", word: "Withdrawn" },
  failed: { state: "breached", word: "Failed" },
  superseded: { state: "unproven", word: "Superseded" },
  rolled_back: { state: "breached", word: "Rolled back" },
};

export function PromotionStateBadge({ state }: { readonly state: PromotionState }) {
  const { state: look, word } = LOOK[state];
  return <ClauseState state={look} word={word} />;
}

export const stateWord = (state: PromotionState): string => LOOK[state].word;
