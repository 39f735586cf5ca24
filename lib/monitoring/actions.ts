"use server";

import { toAction } from "@/lib/action";
import { acknowledgeAlert } from "@/lib/monitoring/commands/acknowledge-alert";
import { createChannel } from "@/lib/monitoring/commands/create-channel";
import { createSilence } from "@/lib/monitoring/commands/create-silence";
import { decideBaseline } from "@/lib/monitoring/commands/decide-baseline";
import { endSilence } from "@/lib/monitoring/commands/end-silence";
import { proposeBaseline } from "@/lib/monitoring/commands/propose-baseline";
import { removeChannel } from "@/lib/monitoring/commands/remove-channel";
import { testChannel } from "@/lib/monitoring/commands/test-channel";
import { updateChannel } from "@/lib/monitoring/commands/update-channel";

export const proposeBaselineAction = toAction(proposeBaseline);
export const decideBaselineAction = toAction(decideBaseline);
export const acknowledgeAlertAction = toAction(acknowledgeAlert);
export const createSilenceAction = toAction(createSilence);
export const endSilenceAction = toAction(endSilence);
export const createChannelAction = toAction(createChannel);
export const updateChannelAction = toAction(updateChannel);
export const removeChannelAction = toAction(removeChannel);
export const testChannelAction = toAction(testChannel);
