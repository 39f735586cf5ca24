import { removeChannel } from "@/lib/monitoring/commands/remove-channel";
import { updateChannel } from "@/lib/monitoring/commands/update-channel";
import { toRoute } from "@/lib/route";

export const PUT = toRoute(updateChannel);
export const DELETE = toRoute(removeChannel);
