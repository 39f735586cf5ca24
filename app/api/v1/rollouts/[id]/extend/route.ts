import { extendRollout } from "@/lib/deployments/commands/hold-rollout";
import { toRoute } from "@/lib/route";

export const POST = toRoute(extendRollout);
