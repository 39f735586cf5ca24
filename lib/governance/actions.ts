"use server";
import { toAction } from "@/lib/action";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";

export const submitContractAction = toAction(submitContract);
export const signContractAction = toAction(signContract);
