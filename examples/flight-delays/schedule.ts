import { FEATURES, isLate, type PointInTimeFeatures } from "./features";
import type { Flights } from "./flights";

/** The replay: 23 April to 30 June 2001 (UTC). */
export const REPLAY_FROM = Date.UTC(2001, 3, 23) / 1000;
export const REPLAY_TO = Date.UTC(2001, 6, 1) / 1000;
const BATCH_ROWS = 64;
const BATCH_SPAN_S = 1800;
/** One flight in so many is asked for alone, as a front end would: about 170 a second, for the latency clauses. */
const SINGLE_EVERY = 10;

/** A flight in a request, and the label that will follow. Times in UTC seconds. */
export type AskedFlight = {
  readonly at: number;
  readonly knownAt: number;
  readonly late: boolean;
  readonly featureTime: number;
  readonly values: Float32Array;
};

/** One inference request of the replay. The same flights get the same id and place again, whenever the replay is resumed. */
export type AskedRequest = {
  /** Position in the replay, from 0. */
  readonly seq: number;
  readonly id: string;
  /** Data time at which it is sent, UTC seconds; later requests are never due earlier. */
  readonly due: number;
  readonly flights: readonly AskedFlight[];
};

/**
 * All requests of the replay in order: every flight once, some alone (`f<row of the source>`), the others in batches of up
 * to 64 (`b<day>-<number>`). A batch is closed when it is full, when half an hour has passed and at the end of the day, so
 * that it is sent before any of its flights has landed.
 */
export function* requestsOf(flights: Flights, features: PointInTimeFeatures): Generator<AskedRequest> {
  const batches = new Batches();
  let seq = 0;
  let now = REPLAY_FROM;
  for (let i = firstFrom(flights, REPLAY_FROM); i < flights.count && (flights.at[i] ?? 0) < REPLAY_TO; i++) {
    const flight = askedFlight(flights, features, i);
    const row = flights.row[i] ?? 0;
    now = flight.at;
    if (batches.isOver(now)) yield { seq: seq++, ...batches.close(now) };
    if (row % SINGLE_EVERY === 0) yield { seq: seq++, id: `f${row}`, due: now, flights: [flight] };
    else if (batches.add(flight) === BATCH_ROWS) yield { seq: seq++, ...batches.close(now) };
  }
  if (!batches.isEmpty) yield { seq: seq++, ...batches.close(now) };
}

class Batches {
  private open: AskedFlight[] = [];
  private day = 0;
  private number = 0;

  get isEmpty(): boolean {
    return this.open.length === 0;
  }

  /** Whether a flight at `at` cannot join the open batch any more. */
  isOver(at: number): boolean {
    const first = this.open[0];
    return first !== undefined && (dayOf(at) !== dayOf(first.at) || at - first.at >= BATCH_SPAN_S);
  }

  /** @returns how many flights the batch holds now */
  add(flight: AskedFlight): number {
    const day = dayOf(flight.at);
    if (day !== this.day) this.number = 0;
    this.day = day;
    return this.open.push(flight);
  }

  close(due: number): Omit<AskedRequest, "seq"> {
    const flights = this.open;
    this.open = [];
    return { id: `b${dayName(this.day)}-${++this.number}`, due, flights };
  }
}

const dayOf = (at: number) => Math.floor(at / 86_400);
const dayName = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "");

function firstFrom(flights: Flights, from: number): number {
  const found = flights.at.findIndex((t) => t >= from);
  return found < 0 ? flights.count : found;
}

const askedFlight = (flights: Flights, features: PointInTimeFeatures, i: number): AskedFlight => ({
  at: flights.at[i] ?? 0,
  knownAt: flights.knownAt[i] ?? 0,
  late: isLate(flights.delay[i] ?? 0),
  ...features.at(i),
});

/** Body of an inference request: Open Inference Protocol, event and feature time of each row as epoch milliseconds. */
export function inferenceBody(
  request: AskedRequest,
  tensors: { readonly input: string; readonly output: string },
  options: { readonly eventTime: boolean } = { eventTime: true },
): string {
  const times = (of: (flight: AskedFlight) => number) => {
    const all = request.flights.map((flight) => of(flight) * 1000);
    return all.length === 1 ? all[0] : all.join(",");
  };
  return JSON.stringify({
    id: request.id,
    parameters: {
      ...(options.eventTime && { event_time: times((f) => f.at) }),
      feature_time: times((f) => f.featureTime),
    },
    inputs: [
      {
        name: tensors.input,
        datatype: "FP32",
        shape: [request.flights.length, FEATURES.length],
        data: request.flights.flatMap((flight) => Array.from(flight.values)),
      },
    ],
    outputs: [{ name: tensors.output }],
  });
}
