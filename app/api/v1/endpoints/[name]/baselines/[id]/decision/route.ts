import { decideBaseline } from "@/lib/monitoring/commands/decide-baseline";
import { toRoute } from "@/lib/route";

export const POST = toRoute(decideBaseline, { status: 201 });
