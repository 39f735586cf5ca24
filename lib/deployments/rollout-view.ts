import { type Clause, contractDocument } from "@/lib/contracts/document";
import { formatNumber } from "@/lib/format";
import { neededOf, OPEN_ROLLOUT_STATES, progressOf, type Rollout, rolloutState, shareOf } from "./rollout";
import { unguardedClauses } from "./rollout-guards";
import { type RolloutRow, readRollout } from "./rollout-row";
import {
  eventKind,
  type RolloutEventView,
  type RolloutStage,
  type RolloutSummary,
  type RolloutSwitchView,
  type RolloutView,
  rolloutEvent,
} from "./rollout-schema";

type TakingPart = {
  readonly name: string;
  readonly contract: { readonly number: number; readonly document: unknown };
  readonly modelVersion: { readonly number: number; readonly model: { readonly name: string } };
};

export type ShownRollout = Omit<RolloutRow, "endpoint" | "candidate" | "incumbent"> & {
  readonly endpoint: { readonly name: string; readonly useCase: { readonly slug: string; readonly name: string } };
  readonly candidate: TakingPart;
  readonly incumbent: TakingPart;
};

export type EventRow = {
  readonly at: Date;
  readonly kind: string;
  readonly state: string;
  readonly step: number;
  readonly percent: number;
  readonly samples: number;
  readonly guards: unknown;
  readonly reason: string;
  readonly actor: string;
};

const PART = {
  select: {
    name: true,
    contract: { select: { number: true, document: true } },
    modelVersion: { select: { number: true, model: { select: { name: true } } } },
  },
} as const;

/** The columns that a shown rollout is made of. */
export const ROLLOUT_COLUMNS = {
  endpoint: { select: { name: true, useCase: { select: { slug: true, name: true } } } },
  candidate: PART,
  incumbent: PART,
} as const;

const partOf = ({ name, contract, modelVersion }: TakingPart) => ({
  revision: name,
  model: modelVersion.model.name,
  version: modelVersion.number,
  contract: contract.number,
});

/** A rollout as a list shows it, at `now`. */
export function toRolloutSummary(row: ShownRollout, pausedByAll: boolean, now: Date): RolloutSummary {
  const { rollout, seen } = readRollout(row);
  const isOpen = OPEN_ROLLOUT_STATES.includes(rollout.state);
  const at = row.endedAt ?? now;
  return {
    id: row.id,
    endpoint: row.endpoint.name,
    useCase: row.endpoint.useCase,
    promotion: row.promotionId,
    candidate: partOf(row.candidate),
    incumbent: partOf(row.incumbent),
    state: rollout.state,
    percent: isOpen ? shareOf(rollout).percent : rollout.state === "completed" ? 100 : 0,
    paused: row.paused,
    pausedByAll: isOpen && pausedByAll,
    ...progressOf(rollout, seen?.samples ?? 0, at.getTime()),
    waitsFor: isOpen ? (seen?.waitsFor ?? "nothing has been seen of it yet") : null,
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    reason: row.reason,
    endedBy: row.endedBy,
  };
}

/** A rollout with its stages, guards and history; `events` in any order. */
export function toRolloutView(
  row: ShownRollout,
  events: readonly EventRow[],
  { now, turned }: { readonly now: Date; readonly turned: RolloutSwitchView },
): RolloutView {
  const { rollout, seen } = readRollout(row);
  const shown = events.map(toEvent).sort((a, b) => b.at.localeCompare(a.at));
  const clauses: readonly Clause[] = contractDocument.parse(row.candidate.contract.document).clauses;
  const summary = toRolloutSummary(row, turned.paused, now);
  return {
    ...summary,
    stages: stagesOf(rollout, summary, shown),
    golden: rollout.golden,
    guards: seen?.guards ?? [],
    incumbentSamples: seen?.incumbentSamples ?? 0,
    seenAt: row.seenAt?.toISOString() ?? null,
    unguarded: [...unguardedClauses(clauses)],
    events: shown,
    switch: turned,
  };
}

function toEvent({ at, kind, state, guards, ...rest }: EventRow): RolloutEventView {
  return {
    ...{ at: at.toISOString(), kind: eventKind.parse(kind), state: rolloutState.parse(state) },
    ...{ step: rest.step, percent: rest.percent, samples: rest.samples, reason: rest.reason, actor: rest.actor },
    guards: rolloutEvent.shape.guards.safeParse(guards).data ?? [],
  };
}

type Place = { readonly state: RolloutStage["state"]; readonly step: number | null };

/** Every stage that the plan has, with what became of it. */
function stagesOf(rollout: Rollout, summary: RolloutSummary, events: readonly RolloutEventView[]): RolloutStage[] {
  const places: Place[] = [
    { state: "checking", step: null },
    ...(rollout.plan.shadow ? [{ state: "shadow", step: null } as const] : []),
    ...rollout.plan.steps.map((_, step) => ({ state: "stepping", step }) as const),
    { state: "completed", step: null },
  ];
  const end = events.find(({ kind }) => kind === "rolled_back" || kind === "stopped");
  const current = places.findIndex((place) => isAt(place, end ?? rollout));
  const left = leavings(events);
  return places.map((place, i) => {
    const isCurrent = i === current;
    const progress =
      i < current || rollout.state === "completed" ? "done" : !isCurrent ? "ahead" : end ? "ended" : "current";
    const leaving = left.find(({ event }) => isAt(place, event));
    return stageOf(place, { rollout, progress, ...(isCurrent && { now: summary }), ...(leaving && { leaving }) });
  });
}

const isAt = ({ state, step }: Place, where: { readonly state: string; readonly step: number }) =>
  state === where.state && (step === null || step === where.step);

type Leaving = { readonly event: RolloutEventView; readonly seconds: number };

/** The events that ended a stage, and how long it had lasted. */
function leavings(events: readonly RolloutEventView[]): readonly Leaving[] {
  const turns = events
    .filter(({ kind }) => ["started", "advanced", "completed", "rolled_back", "stopped"].includes(kind))
    .toReversed();
  return turns.flatMap((event, i) => {
    const before = turns[i - 1];
    return before ? [{ event, seconds: (Date.parse(event.at) - Date.parse(before.at)) / 1000 }] : [];
  });
}

type StageFacts = {
  readonly rollout: Rollout;
  readonly progress: RolloutStage["progress"];
  readonly now?: RolloutSummary;
  readonly leaving?: Leaving;
};

function stageOf({ state, step }: Place, { rollout, progress, now, leaving }: StageFacts): RolloutStage {
  const { percent } = state === "completed" ? { percent: 100 } : shareOf({ ...rollout, state, step: step ?? 0 });
  const extra = now ? {} : { extraSeconds: 0, extraSamples: 0 };
  const isMeasured = state === "shadow" || state === "stepping";
  const needed = isMeasured ? neededOf({ ...rollout, ...extra, state, step: step ?? 0 }) : { seconds: 0, samples: 0 };
  const isLive = progress === "current" && now;
  return {
    ...{ state, step, percent, progress, label: labelOf(state, percent) },
    samples: isLive ? now.samples : (leaving?.event.samples ?? null),
    samplesNeeded: needed.samples,
    seconds: isLive ? now.seconds : (leaving?.seconds ?? null),
    secondsNeeded: needed.seconds,
    leftAt: leaving?.event.at ?? null,
  };
}

function labelOf(state: RolloutStage["state"], percent: number): string {
  if (state === "checking") return "Golden set";
  if (state === "shadow") return "Shadow";
  return state === "completed" ? "All requests" : `${formatNumber(percent)} %`;
}
