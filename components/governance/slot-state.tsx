import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import type { PromotionSummary } from "@/lib/governance/schema";

type Slot = PromotionSummary["slots"][number];

const LOOK: Readonly<Record<Slot["state"], { readonly state: ClauseStateName; readonly word: string }>> = {
  approved: { state: "met", word: "Approved" },
  rejected: { state: "breached", word: "Rejected" },
  stale: { state: "at_risk", word: "Stale" },
  waiting: { state: "unproven", word: "Waiting" },
};

export function SlotState({ state }: { readonly state: Slot["state"] }) {
  const look = LOOK[state];
  return <ClauseState state={look.state} word={look.word} />;
}

export const SLOT_WORDS: Readonly<Record<Slot["slot"], string>> = { validator: "Validator", governance: "Governance" };
