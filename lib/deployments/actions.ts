"use server";

import { toAction } from "@/lib/action";
import { checkCluster } from "@/lib/deployments/commands/check-cluster";
import { createCluster } from "@/lib/deployments/commands/create-cluster";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { extendRollout } from "@/lib/deployments/commands/extend-rollout";
import { pauseAllRollouts } from "@/lib/deployments/commands/pause-all-rollouts";
import { pauseRollout } from "@/lib/deployments/commands/pause-rollout";
import { removeCluster } from "@/lib/deployments/commands/remove-cluster";
import { resumeAllRollouts } from "@/lib/deployments/commands/resume-all-rollouts";
import { resumeRollout } from "@/lib/deployments/commands/resume-rollout";
import { rollBackEndpoint } from "@/lib/deployments/commands/roll-back-endpoint";
import { updateCluster } from "@/lib/deployments/commands/update-cluster";

export const checkClusterAction = toAction(checkCluster);
export const createClusterAction = toAction(createCluster);
export const createEndpointAction = toAction(createEndpoint);
export const extendRolloutAction = toAction(extendRollout);
export const pauseAllRolloutsAction = toAction(pauseAllRollouts);
export const pauseRolloutAction = toAction(pauseRollout);
export const removeClusterAction = toAction(removeCluster);
export const resumeAllRolloutsAction = toAction(resumeAllRollouts);
export const resumeRolloutAction = toAction(resumeRollout);
export const rollBackEndpointAction = toAction(rollBackEndpoint);
export const updateClusterAction = toAction(updateCluster);
