import { resumeRollout } from "@/lib/deployments/commands/resume-rollout";
import { toRoute } from "@/lib/route";

export const POST = toRoute(resumeRollout);
