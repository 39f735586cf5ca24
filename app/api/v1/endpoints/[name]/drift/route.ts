import { getEndpointDrift } from "@/lib/monitoring/queries/drift";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getEndpointDrift);
