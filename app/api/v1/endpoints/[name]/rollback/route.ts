import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { previewRollback } from "@/lib/governance/queries/rollback";
import { toRoute } from "@/lib/route";

export const GET = toRoute(previewRollback);
export const POST = toRoute(rollBackEndpoint);
