import { submitContract } from "@/lib/governance/commands/submit-contract";
import { toRoute } from "@/lib/route";

export const POST = toRoute(submitContract);
