import { resumeAllRollouts } from "@/lib/deployments/commands/resume-all-rollouts";
import { toRoute } from "@/lib/route";

export const POST = toRoute(resumeAllRollouts);
