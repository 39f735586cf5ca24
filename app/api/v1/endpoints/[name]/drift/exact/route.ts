import { getExactDrift } from "@/lib/monitoring/queries/exact-drift";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getExactDrift);
