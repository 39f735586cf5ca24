import { createCluster } from "@/lib/deployments/commands/create-cluster";
import { listClusters } from "@/lib/deployments/queries/clusters";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listClusters);
export const POST = toRoute(createCluster, { status: 201 });
