import { proposeRetraining } from "@/lib/retraining/commands/propose-retraining";
import { listRetraining } from "@/lib/retraining/queries";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listRetraining);
export const POST = toRoute(proposeRetraining, { status: 201 });
