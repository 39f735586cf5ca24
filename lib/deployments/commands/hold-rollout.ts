import "server-only";
import { inTransaction, type Tx } from "@/lib/db";
import { lockRollout } from "@/lib/deployments/commands/lock-rollout";
import { recordRolloutEvent } from "@/lib/deployments/commands/record-rollout-event";
import { OPEN_ROLLOUT_STATES } from "@/lib/deployments/rollout";
import type { RolloutRow } from "@/lib/deployments/rollout-row";
import {
  extendRolloutInput,
  heldRollout,
  pauseRolloutInput,
  resumeRolloutInput,
} from "@/lib/deployments/rollout-schema";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Keeps a rollout where it is. It is watched on, and goes back if a guard breaks. */
export const pauseRollout = operation({
  name: "rollout.pause",
  permission: "rollout:hold",
  input: pauseRolloutInput,
  output: heldRollout,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await findOpen(tx, input.id);
      if (row.paused)
        throw new AppError("conflict", "It is paused already.", undefined, { subject: row.endpoint.name });
      await tx.rollout.update({ where: { id: row.id }, data: { paused: true } });
      await recordRolloutEvent(tx, row, { kind: "paused", actor: principal, reason: input.reason });
      return held({ ...row, paused: true });
    }),
});

/** Lets a paused rollout go on, along the plan that was signed and approved. */
export const resumeRollout = operation({
  name: "rollout.resume",
  permission: "rollout:hold",
  input: resumeRolloutInput,
  output: heldRollout,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await findOpen(tx, input.id);
      if (!row.paused) throw new AppError("conflict", "It is not paused.", undefined, { subject: row.endpoint.name });
      await tx.rollout.update({ where: { id: row.id }, data: { paused: false } });
      const reason = input.reason || "no reason given";
      await recordRolloutEvent(tx, row, { kind: "resumed", actor: principal, reason });
      return held({ ...row, paused: false });
    }),
});

/** Adds seconds or samples to the stage that a rollout is in. */
export const extendRollout = operation({
  name: "rollout.extend",
  permission: "rollout:hold",
  input: extendRolloutInput,
  output: heldRollout,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const row = await findOpen(tx, input.id);
      if (row.state === "checking") {
        const message = "It has not begun: the golden set comes first. There is nothing to extend yet.";
        throw new AppError("precondition", message, undefined, { subject: row.endpoint.name });
      }
      const extra = {
        extraSeconds: Math.min(MOST_EXTRA, row.extraSeconds + input.seconds),
        extraSamples: Math.min(MOST_EXTRA, row.extraSamples + input.samples),
      };
      await tx.rollout.update({ where: { id: row.id }, data: extra });
      const after = { addedSeconds: input.seconds, addedSamples: input.samples };
      await recordRolloutEvent(tx, row, { kind: "extended", actor: principal, reason: input.reason, after });
      return held({ ...row, ...extra });
    }),
});

const MOST_EXTRA = 1_000_000_000;

async function findOpen(tx: Tx, id: string) {
  const row = await lockRollout(tx, id);
  if (!row) throw new AppError("not_found", "There is no such rollout.");
  if (OPEN_ROLLOUT_STATES.some((state) => state === row.state)) return row;
  const message = `The rollout of ${row.candidate.name} ended already: ${row.state.replace("_", " ")}.`;
  throw new AppError("conflict", message, undefined, { subject: row.endpoint.name });
}

const held = ({ id, endpoint, paused, extraSeconds, extraSamples }: RolloutRow) => ({
  ...{ id, endpoint: endpoint.name },
  ...{ paused, extraSeconds, extraSamples },
});
