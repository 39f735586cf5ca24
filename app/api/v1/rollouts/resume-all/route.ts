import { resumeAllRollouts } from "@/lib/deployments/commands/pause-all-rollouts";
import { toRoute } from "@/lib/route";

export const POST = toRoute(resumeAllRollouts);
