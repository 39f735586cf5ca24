"use server";
import { toAction } from "@/lib/action";
import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { updateDraft } from "@/lib/contracts/commands/update-draft";
import { withdrawContract } from "@/lib/contracts/commands/withdraw-contract";

export const createUseCaseAction = toAction(createUseCase);
export const draftContractAction = toAction(draftContract);
export const updateDraftAction = toAction(updateDraft);
export const withdrawContractAction = toAction(withdrawContract);
