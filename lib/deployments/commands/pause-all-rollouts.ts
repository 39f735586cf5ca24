import "server-only";
import { inTransaction } from "@/lib/db";
import { turnRolloutSwitch } from "@/lib/deployments/commands/turn-rollout-switch";
import { pauseAllInput, rolloutSwitch } from "@/lib/deployments/rollout-schema";
import { operation } from "@/lib/operation";

/** No rollout goes forward any more, on any endpoint. Going back is never paused. */
export const pauseAllRollouts = operation({
  name: "rollout.pause_all",
  permission: "rollout:pause_all",
  input: pauseAllInput,
  output: rolloutSwitch,
  run: ({ principal, input }) => inTransaction((tx) => turnRolloutSwitch(tx, principal, true, input.reason)),
});
