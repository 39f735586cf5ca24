import { planContract } from "@/lib/governance/queries/contract-plan";
import { toRoute } from "@/lib/route";

export const GET = toRoute(planContract);
