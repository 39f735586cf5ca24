"use server";

import { toAction } from "@/lib/action";
import { decideBaseline } from "@/lib/monitoring/commands/decide-baseline";
import { proposeBaseline } from "@/lib/monitoring/commands/propose-baseline";

export const proposeBaselineAction = toAction(proposeBaseline);
export const decideBaselineAction = toAction(decideBaseline);
