import { rolloutPlan } from "@/lib/contracts/document";
import { goldenResult, type Rollout, rolloutState } from "./rollout";
import { type SeenRollout, seenRollout } from "./rollout-schema";

export type RolloutRow = {
  readonly id: string;
  readonly promotionId: number;
  readonly endpointId: string;
  readonly candidateId: string;
  readonly incumbentId: string;
  readonly plan: unknown;
  readonly state: string;
  readonly step: number;
  readonly paused: boolean;
  readonly extraSeconds: number;
  readonly extraSamples: number;
  readonly stageSince: Date | null;
  readonly golden: unknown;
  readonly seen: unknown;
  readonly seenAt: Date | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly reason: string | null;
  readonly endedBy: string | null;
  readonly endpoint: { readonly name: string };
  readonly candidate: { readonly name: string };
  readonly incumbent: { readonly name: string };
};

/** The names that every reader of a rollout needs. */
export const ROLLOUT_NAMES = {
  endpoint: { select: { name: true } },
  candidate: { select: { name: true } },
  incumbent: { select: { name: true } },
} as const;

/** A stored rollout as the machine takes it, and what was seen of it last. */
export function readRollout(row: RolloutRow, pausedByAll = false): { rollout: Rollout; seen: SeenRollout | null } {
  const rollout: Rollout = {
    state: rolloutState.parse(row.state),
    plan: rolloutPlan.parse(row.plan),
    step: row.step,
    paused: row.paused || pausedByAll,
    extraSeconds: row.extraSeconds,
    extraSamples: row.extraSamples,
    stageSince: row.stageSince?.getTime() ?? null,
    golden: row.golden === null ? null : goldenResult.parse(row.golden),
  };
  return { rollout, seen: seenRollout.safeParse(row.seen).data ?? null };
}

/** What an answer says of a rollout that was held or let go on. */
export const heldRolloutOf = ({ id, endpoint, paused, extraSeconds, extraSamples }: RolloutRow) => ({
  ...{ id, endpoint: endpoint.name },
  ...{ paused, extraSeconds, extraSamples },
});
