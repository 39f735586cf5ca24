import { listAuditEvents } from "@/lib/audit/queries";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listAuditEvents);
