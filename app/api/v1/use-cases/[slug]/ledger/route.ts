import { getLedger } from "@/lib/monitoring/queries/ledger";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getLedger);
