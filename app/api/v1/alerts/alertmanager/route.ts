import { ingestAlerts } from "@/lib/monitoring/commands/ingest-alerts";
import { toRoute } from "@/lib/route";

export const POST = toRoute(ingestAlerts);
