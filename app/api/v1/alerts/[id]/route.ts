import { getAlert } from "@/lib/monitoring/queries/incident";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getAlert);
