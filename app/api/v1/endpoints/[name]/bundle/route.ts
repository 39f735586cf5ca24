import { getEdgeBundle } from "@/lib/deployments/queries/edge-bundle";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getEdgeBundle);
