import { extendRollout } from "@/lib/deployments/commands/extend-rollout";
import { pauseAllRollouts } from "@/lib/deployments/commands/pause-all-rollouts";
import { pauseRollout } from "@/lib/deployments/commands/pause-rollout";
import { resumeAllRollouts } from "@/lib/deployments/commands/resume-all-rollouts";
import { resumeRollout } from "@/lib/deployments/commands/resume-rollout";
import { getEndpointRollout, listRollouts } from "@/lib/deployments/queries/rollouts";
import { stopRollout } from "@/lib/governance/commands/stop-rollout";
import type { Described } from "./open-api";

const ROLLOUTS = "/api/v1/rollouts";
const ROLLOUT = `${ROLLOUTS}/{id}`;

/** How revisions take over step by step. */
export const ROLLOUT_OPERATIONS: readonly Described[] = [
  {
    method: "get",
    path: "/api/v1/endpoints/{name}/rollout",
    operation: getEndpointRollout,
    summary: "The newest rollout of an endpoint: stages, guards with their margin, history",
  },
  { method: "get", path: ROLLOUTS, operation: listRollouts, summary: "Rollouts that are open, then those that ended" },
  {
    method: "post",
    path: `${ROLLOUT}/stop`,
    operation: stopRollout,
    summary: "Go back now: every request to what serves",
  },
  { method: "post", path: `${ROLLOUT}/pause`, operation: pauseRollout, summary: "Keep a rollout where it is" },
  { method: "post", path: `${ROLLOUT}/resume`, operation: resumeRollout, summary: "Let a paused rollout go on" },
  {
    method: "post",
    path: `${ROLLOUT}/extend`,
    operation: extendRollout,
    summary: "Add seconds or samples to the stage that it is in",
  },
  {
    method: "post",
    path: `${ROLLOUTS}/pause-all`,
    operation: pauseAllRollouts,
    summary: "No rollout goes forward any more; going back is never paused",
  },
  {
    method: "post",
    path: `${ROLLOUTS}/resume-all`,
    operation: resumeAllRollouts,
    summary: "Rollouts go on",
  },
];
