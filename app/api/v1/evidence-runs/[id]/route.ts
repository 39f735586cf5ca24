import { cancelEvidenceRun } from "@/lib/governance/commands/cancel-evidence-run";
import { getEvidenceRun } from "@/lib/governance/queries/evidence-runs";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getEvidenceRun);
export const DELETE = toRoute(cancelEvidenceRun);
