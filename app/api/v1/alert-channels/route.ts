import { createChannel } from "@/lib/monitoring/commands/create-channel";
import { listChannels } from "@/lib/monitoring/queries/alert-settings";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listChannels);
export const POST = toRoute(createChannel, { status: 201 });
