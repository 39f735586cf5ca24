"use server";

import { toAction } from "@/lib/action";
import { closeRetraining } from "@/lib/retraining/commands/close-retraining";
import { proposeRetraining } from "@/lib/retraining/commands/propose-retraining";

export const proposeRetrainingAction = toAction(proposeRetraining);
export const closeRetrainingAction = toAction(closeRetraining);
