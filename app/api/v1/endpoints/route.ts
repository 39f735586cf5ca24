import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { listEndpoints } from "@/lib/deployments/queries";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listEndpoints);
export const POST = toRoute(createEndpoint, { status: 201 });
