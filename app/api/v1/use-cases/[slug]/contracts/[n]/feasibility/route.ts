import { getFeasibility } from "@/lib/governance/queries/contract-feasibility";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getFeasibility);
