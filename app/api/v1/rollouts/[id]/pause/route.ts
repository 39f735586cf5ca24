import { pauseRollout } from "@/lib/deployments/commands/pause-rollout";
import { toRoute } from "@/lib/route";

export const POST = toRoute(pauseRollout);
