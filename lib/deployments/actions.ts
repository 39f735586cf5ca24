"use server";

import { toAction } from "@/lib/action";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";

export const createEndpointAction = toAction(createEndpoint);
export const rollBackEndpointAction = toAction(rollBackEndpoint);
