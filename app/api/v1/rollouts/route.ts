import { listRollouts } from "@/lib/deployments/queries/rollouts";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listRollouts);
