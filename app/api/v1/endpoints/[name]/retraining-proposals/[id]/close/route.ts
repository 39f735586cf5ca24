import { closeRetraining } from "@/lib/retraining/commands/close-retraining";
import { toRoute } from "@/lib/route";

export const POST = toRoute(closeRetraining);
