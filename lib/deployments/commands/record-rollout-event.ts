import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { AuditActor } from "@/lib/audit/schema";
import type { Tx } from "@/lib/db";
import { shareOf } from "@/lib/deployments/rollout";
import { type RolloutRow, readRollout } from "@/lib/deployments/rollout-row";
import type { EventKind } from "@/lib/deployments/rollout-schema";

export type RolloutChange = {
  readonly kind: EventKind;
  readonly actor: AuditActor;
  readonly reason: string;
  /** What the audit event adds. */
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
};

const VERB: Readonly<Record<EventKind, string>> = {
  started: "start",
  golden: "check",
  advanced: "advance",
  paused: "pause",
  resumed: "resume",
  extended: "extend",
  completed: "complete",
  rolled_back: "roll_back",
  stopped: "stop",
};

/** Adds to the history of a rollout, and to the audit log, what happened to `row`: with where it was and what had been seen by then. */
export async function recordRolloutEvent(tx: Tx, row: RolloutRow, change: RolloutChange): Promise<void> {
  const { rollout, seen } = readRollout(row);
  const { percent } = shareOf(rollout);
  const guards = seen?.guards ?? [];
  const samples = seen?.samples ?? 0;
  const { kind, actor, reason } = change;
  await tx.rolloutEvent.create({
    data: {
      rolloutId: row.id,
      ...{ kind, reason, actor: actor.email },
      ...{ state: rollout.state, step: rollout.step, percent, samples },
      guards: [...guards],
    },
  });
  await recordAudit(tx, {
    actor,
    action: `rollout.${VERB[kind]}`,
    outcome: "done",
    subjectType: "endpoint",
    subject: row.endpoint.name,
    reason,
    before: { stage: rollout.state, step: rollout.step, percent, samples, ...change.before },
    after: {
      rollout: row.id,
      candidate: row.candidate.name,
      guards: guards.map(({ id, state, value, limit }) => ({ id, state, value, limit })),
      ...change.after,
    },
  });
}
