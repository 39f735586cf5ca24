import { checkCluster } from "@/lib/deployments/commands/check-cluster";
import { toRoute } from "@/lib/route";

export const POST = toRoute(checkCluster, { status: 202 });
