import { pauseRollout } from "@/lib/deployments/commands/hold-rollout";
import { toRoute } from "@/lib/route";

export const POST = toRoute(pauseRollout);
