import { extendRollout } from "@/lib/deployments/commands/extend-rollout";
import { toRoute } from "@/lib/route";

export const POST = toRoute(extendRollout);
