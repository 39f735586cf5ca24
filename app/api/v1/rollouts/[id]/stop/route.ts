import { stopRollout } from "@/lib/governance/commands/stop-rollout";
import { toRoute } from "@/lib/route";

export const POST = toRoute(stopRollout);
