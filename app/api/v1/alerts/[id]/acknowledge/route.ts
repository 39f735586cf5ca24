import { acknowledgeAlert } from "@/lib/monitoring/commands/acknowledge-alert";
import { toRoute } from "@/lib/route";

export const POST = toRoute(acknowledgeAlert);
