import { testChannel } from "@/lib/monitoring/commands/test-channel";
import { toRoute } from "@/lib/route";

export const POST = toRoute(testChannel);
