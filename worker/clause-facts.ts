import { eventClocks, freshnessWindows, qualityWindows } from "@/lib/clickhouse/event-windows";
import { probeWindows } from "@/lib/clickhouse/probe-results";
import { serviceWindows } from "@/lib/clickhouse/service-windows";
import type { Clause } from "@/lib/contracts/document";
import { type ClauseWindow, clauseWindow, type Grain } from "@/lib/monitoring/clause-window";
import { type Facts, measure } from "@/lib/monitoring/measure";
import type { Measurement } from "@/lib/monitoring/measurement";

/** A clause on an endpoint. */
type Question = { readonly endpoint: string; readonly clause: Clause };
type Asked = Question & { readonly window: ClauseWindow };

/** Seconds of probes that say whether an endpoint answers now. */
const PROBED_MS = 3_600_000;

/**
 * What every clause of every endpoint says now: one query per rollup for ALL of them (clock, requests by minute, by hour, rows by event
 * hour, quality by event day, probes), never one per clause. The answers stand in the order of the questions.
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
  const [minutes, hours, ages, days, probes] = await Promise.all([
    answersTo(ofGrain("minute"), (asks) => serviceWindows("minute", asks.map(serviceAsk))),
    answersTo(byHour.filter(isService), (asks) => serviceWindows("hour", asks.map(serviceAsk))),
    answersTo(
      byHour.filter((question) => !isService(question)),
      (asks) => freshnessWindows(asks.map(eventAsk)),
    ),
    answersTo(ofGrain("day"), (asks) => qualityWindows(asks.map(eventAsk))),
    answersTo(asked, (asks) => probeWindows(asks.map((ask) => probeAsk(ask, now)))),
  ]);
  return asked.map((question): Measurement => {
    const facts: Facts = {
      now,
      window: question.window,
      service: minutes.get(question) ?? hours.get(question),
      freshness: ages.get(question),
      quality: days.get(question),
      probe: probes.get(question) ?? null,
      withoutTime: clocks.get(question.endpoint)?.withoutTime ?? 0,
    };
    return measure(question.clause, facts);
  });
}

const isService = ({ clause }: Question) => clause.kind !== "freshness" && clause.kind !== "quality";

const serviceAsk = ({ endpoint, clause, window }: Asked) => ({
  ...{ endpoint, from: window.from, to: window.to },
  ...clause.population,
});

const eventAsk = ({ endpoint, window }: Asked) => ({ endpoint, from: window.from, to: window.to });

/** Availability counts failed probes over its whole window; the others only ask whether the endpoint answers now. */
function probeAsk({ endpoint, clause }: Question, now: number) {
  const length = clause.kind === "availability" ? Math.max(PROBED_MS, clause.windowSeconds * 1000) : PROBED_MS;
  return { endpoint, from: now - length, to: now + 1 };
}

async function answersTo<Q extends Question, A>(
  questions: readonly Q[],
  ask: (questions: readonly Q[]) => Promise<readonly A[]>,
): Promise<ReadonlyMap<Question, A>> {
  const answers = await ask(questions);
  return new Map(
    questions.flatMap((question, i): [Question, A][] => {
      const answer = answers[i];
      return answer === undefined ? [] : [[question, answer]];
    }),
  );
}
