import { getClauseWhy } from "@/lib/monitoring/queries/why";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getClauseWhy);
