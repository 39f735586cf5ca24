import { requestEvidenceRun } from "@/lib/governance/commands/request-evidence-run";
import { toRoute } from "@/lib/route";

export const POST = toRoute(requestEvidenceRun, { status: 202 });
