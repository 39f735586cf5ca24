import { updateDraft } from "@/lib/contracts/commands/update-draft";
import { withdrawContract } from "@/lib/contracts/commands/withdraw-contract";
import { getContract } from "@/lib/governance/queries/contracts";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getContract);
export const PUT = toRoute(updateDraft);
/** Withdraws: nothing is deleted. */
export const DELETE = toRoute(withdrawContract);
