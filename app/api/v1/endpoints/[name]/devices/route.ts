import { reportDevice } from "@/lib/deployments/commands/report-device";
import { listDevices } from "@/lib/deployments/queries/devices";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listDevices);
export const POST = toRoute(reportDevice);
