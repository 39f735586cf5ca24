import { getEndpointSeries } from "@/lib/monitoring/queries/endpoints";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getEndpointSeries);
