import { ClauseState } from "@/components/ui/clause-state";
import type { Standing } from "@/lib/governance/contract-view";

const LOOK: Readonly<Record<Standing, { readonly state: "met" | "at_risk" | "unproven"; readonly word: string }>> = {
  draft: { state: "unproven", word: "Draft" },
  submitted: { state: "unproven", word: "Awaiting signatures" },
  signed: { state: "unproven", word: "Signed, not in force" },
  in_force: { state: "met", word: "In force" },
  replaced: { state: "unproven", word: "Replaced" },
  withdrawn: { state: "unproven", word: "Withdrawn" },
};

/** What a version of a contract means today. */
export function ContractStanding({ standing, signed }: { readonly standing: Standing; readonly signed?: number }) {
  const { state, word } = LOOK[standing];
  return <ClauseState state={state} word={standing === "submitted" && signed ? `${signed} of 3 signed` : word} />;
}
