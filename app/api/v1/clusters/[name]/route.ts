import { removeCluster } from "@/lib/deployments/commands/remove-cluster";
import { updateCluster } from "@/lib/deployments/commands/update-cluster";
import { getCluster } from "@/lib/deployments/queries/clusters";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getCluster);
export const PUT = toRoute(updateCluster);
export const DELETE = toRoute(removeCluster);
