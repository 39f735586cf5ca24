"use server";
import { toAction } from "@/lib/action";
import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { withdrawPromotion } from "@/lib/governance/commands/withdraw-promotion";

export const submitContractAction = toAction(submitContract);
export const signContractAction = toAction(signContract);
export const requestPromotionAction = toAction(requestPromotion);
export const decidePromotionAction = toAction(decidePromotion);
export const withdrawPromotionAction = toAction(withdrawPromotion);
