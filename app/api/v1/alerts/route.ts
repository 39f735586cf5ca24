import { listAlerts } from "@/lib/monitoring/queries/alerts";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listAlerts);
