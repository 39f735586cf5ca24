"use server";
import { toAction } from "@/lib/action";
import { cancelEvidenceRun } from "@/lib/governance/commands/cancel-evidence-run";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { requestEvidenceRun } from "@/lib/governance/commands/request-evidence-run";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { withdrawPromotion } from "@/lib/governance/commands/withdraw-promotion";
import { getFeasibility } from "@/lib/governance/queries/contract-feasibility";

export const submitContractAction = toAction(submitContract);
export const signContractAction = toAction(signContract);
export const requestPromotionAction = toAction(requestPromotion);
export const decidePromotionAction = toAction(decidePromotion);
export const withdrawPromotionAction = toAction(withdrawPromotion);
export const requestEvidenceRunAction = toAction(requestEvidenceRun);
export const cancelEvidenceRunAction = toAction(cancelEvidenceRun);
export const getFeasibilityAction = toAction(getFeasibility);
