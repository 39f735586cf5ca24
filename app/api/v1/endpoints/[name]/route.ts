import { getEndpoint } from "@/lib/deployments/queries";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getEndpoint);
