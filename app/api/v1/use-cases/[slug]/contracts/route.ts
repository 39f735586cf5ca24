import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { listContracts } from "@/lib/governance/queries/contracts";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listContracts);
export const POST = toRoute(draftContract, { status: 201 });
