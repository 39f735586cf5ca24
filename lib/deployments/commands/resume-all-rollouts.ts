import "server-only";
import { inTransaction } from "@/lib/db";
import { turnRolloutSwitch } from "@/lib/deployments/commands/turn-rollout-switch";
import { pauseAllInput, rolloutSwitch } from "@/lib/deployments/rollout-schema";
import { operation } from "@/lib/operation";

/** Rollouts go on; those that a person paused one by one stay paused. */
export const resumeAllRollouts = operation({
  name: "rollout.resume_all",
  permission: "rollout:pause_all",
  input: pauseAllInput,
  output: rolloutSwitch,
  run: ({ principal, input }) => inTransaction((tx) => turnRolloutSwitch(tx, principal, false, input.reason)),
});
