import { createSilence } from "@/lib/monitoring/commands/create-silence";
import { listSilences } from "@/lib/monitoring/queries/alert-settings";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listSilences);
export const POST = toRoute(createSilence, { status: 201 });
