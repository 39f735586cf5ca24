import { endSilence } from "@/lib/monitoring/commands/end-silence";
import { toRoute } from "@/lib/route";

export const DELETE = toRoute(endSilence);
