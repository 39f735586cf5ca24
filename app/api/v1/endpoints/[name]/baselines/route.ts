import { proposeBaseline } from "@/lib/monitoring/commands/propose-baseline";
import { toRoute } from "@/lib/route";

export const POST = toRoute(proposeBaseline, { status: 201 });
