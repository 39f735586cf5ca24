"use server";

import { toAction } from "@/lib/action";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";

export const createEndpointAction = toAction(createEndpoint);
