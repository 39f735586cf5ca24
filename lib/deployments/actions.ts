"use server";

import { toAction } from "@/lib/action";
import { checkCluster } from "@/lib/deployments/commands/check-cluster";
import { createCluster } from "@/lib/deployments/commands/create-cluster";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { removeCluster } from "@/lib/deployments/commands/remove-cluster";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { updateCluster } from "@/lib/deployments/commands/update-cluster";

export const checkClusterAction = toAction(checkCluster);
export const createClusterAction = toAction(createCluster);
export const createEndpointAction = toAction(createEndpoint);
export const removeClusterAction = toAction(removeCluster);
export const rollBackEndpointAction = toAction(rollBackEndpoint);
export const updateClusterAction = toAction(updateCluster);
