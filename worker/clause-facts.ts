import { driftWindows, violationWindows } from "@/lib/clickhouse/drift-windows";
import { eventClocks, freshnessWindows, qualityWindows } from "@/lib/clickhouse/event-windows";
import { failedProbes, lastProbes } from "@/lib/clickhouse/probe-results";
import { serviceWindows } from "@/lib/clickhouse/service-windows";
import type { Clause, Feature } from "@/lib/contracts/document";
import { type ClauseWindow, clauseWindow, type Grain } from "@/lib/monitoring/clause-window";
import type { Reference } from "@/lib/monitoring/drift";
import { type DrillFacts, type Facts, measure } from "@/lib/monitoring/measure";
import type { Measurement } from "@/lib/monitoring/measurement";
import { sliceKey } from "@/lib/monitoring/slices";

/** What of the serving revision some clauses are judged by. */
export type Served = {
  readonly features: readonly Feature[];
  /** Null: its version has none (yet). */
  readonly reference: Reference | null;
  /** Null: its failure mode was never drilled. */
  readonly drill: DrillFacts | null;
};

/** A clause on an endpoint. */
export type Question = { readonly endpoint: string; readonly clause: Clause; readonly served: Served };
type Asked = Question & { readonly window: ClauseWindow };

/** How far back is looked for the last probe. */
const PROBED_MS = 3_600_000;

/**
 * What every clause of every endpoint says now: one query per rollup for ALL of them (clock, requests by minute, by hour, rows by event
 * hour, quality and drift by event day, probes), never one per clause. The answers stand in the order of the questions.
 */
export async function measureAll(questions: readonly Question[], now: number): Promise<Measurement[]> {
  const clocks = await eventClocks();
  const asked = questions.map((question) => {
    const watermark = clocks.get(question.endpoint)?.watermark ?? null;
    return { ...question, window: clauseWindow(question.clause, { now, watermark }) };
  });
  const open = asked.filter((question): question is Asked => question.window !== null);
  const ofGrain = (grain: Grain) => open.filter(({ window }) => window.grain === grain);
  const byHour = ofGrain("hour");
  const byDrift = open.filter(isDrift);
  const [minutes, hours, ages, days, bins, violations, probes, failed] = await Promise.all([
    answersTo(ofGrain("minute"), serviceAsk, (asks) => serviceWindows("minute", asks)),
    answersTo(byHour.filter(isService), serviceAsk, (asks) => serviceWindows("hour", asks)),
    answersTo(byHour.filter(isFreshness), rangeAsk, freshnessWindows),
    answersTo(ofGrain("day").filter(isQuality), qualityAsk, qualityWindows),
    answersTo(byDrift.filter(isBinned), driftAsk, driftWindows),
    answersTo(byDrift.filter(isChecked), rangeAsk, violationWindows),
    lastProbes(now - PROBED_MS, now + 1),
    answersTo(open.filter(isAvailability), rangeAsk, failedProbes),
  ]);
  return asked.map((question): Measurement => {
    const facts: Facts = {
      now,
      window: question.window,
      service: minutes.get(question) ?? hours.get(question),
      freshness: ages.get(question),
      quality: days.get(question),
      drift: { ...question.served, window: bins.get(question), violations: violations.get(question) },
      drill: question.served.drill,
      probe: probes.get(question.endpoint) ?? null,
      failedProbes: failed.get(question) ?? 0,
      withoutTime: clocks.get(question.endpoint)?.withoutTime ?? 0,
    };
    return measure(question.clause, facts);
  });
}

const isFreshness = ({ clause }: Question) => clause.kind === "freshness";
const isAvailability = ({ clause }: Question) => clause.kind === "availability";
const isQuality = ({ clause }: Question) => clause.kind === "quality";
const isDrift = ({ clause }: Question) => clause.kind === "drift";
const isChecked = ({ clause }: Question) =>
  clause.metric === "out_of_range_ratio" || clause.metric === "type_change_ratio";
const isBinned = (question: Question) => !isChecked(question) && question.served.reference !== null;
const isService = (question: Question) => !isFreshness(question);

const serviceAsk = ({ endpoint, clause, window }: Asked) => ({
  ...{ endpoint, from: window.from, to: window.to },
  ...clause.population,
});

const rangeAsk = ({ endpoint, window }: Asked) => ({ endpoint, from: window.from, to: window.to });

const driftAsk = (question: Asked) => ({
  ...rangeAsk(question),
  baselines: question.served.reference?.ids ?? [],
});

const qualityAsk = (question: Asked) => ({
  ...rangeAsk(question),
  ...(question.clause.slice && { slice: sliceKey(question.clause.slice) }),
});

/** Asks the same only once: clauses that share a window share its answer. */
async function answersTo<Ask, Answer>(
  questions: readonly Asked[],
  toAsk: (question: Asked) => Ask,
  query: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
): Promise<ReadonlyMap<Question, Answer>> {
  const keyed = questions.map((question) => ({ question, ask: toAsk(question) }));
  const asks = new Map(keyed.map(({ ask }) => [JSON.stringify(ask), ask]));
  const answers = await query([...asks.values()]);
  const byAsk = new Map([...asks.keys()].map((key, i) => [key, answers[i]]));
  return new Map(
    keyed.flatMap(({ question, ask }): [Question, Answer][] => {
      const answer = byAsk.get(JSON.stringify(ask));
      return answer === undefined ? [] : [[question, answer]];
    }),
  );
}
