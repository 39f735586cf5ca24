import { getEndpointSlo } from "@/lib/monitoring/queries/slo";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getEndpointSlo);
