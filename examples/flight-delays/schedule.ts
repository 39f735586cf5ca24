import { FEATURES, isLate, type PointInTimeFeatures } from "./features";
import type { Flights } from "./flights";

/** The replay: 23 April to 30 June 2001 (UTC). */
export const REPLAY_FROM = Date.UTC(2001, 3, 23) / 1000;
export const REPLAY_TO = Date.UTC(2001, 6, 1) / 1000;
const BATCH_ROWS = 64;
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
  /** Data time at which it is sent, UTC seconds: the departure of its last flight. */
  readonly due: number;
  readonly flights: readonly AskedFlight[];
};

/**
 * All requests of the replay in order: every flight once, some alone (`f<row of the source>`), the others in batches of 64
 * within a day (`b<day>-<number>`).
 */
export function* requestsOf(flights: Flights, features: PointInTimeFeatures): Generator<AskedRequest> {
  let seq = 0;
  let batch: AskedFlight[] = [];
  let day = 0;
  let batchOfDay = 0;
  const closeBatch = (): AskedRequest => {
    const closed = { seq: seq++, id: `b${dayName(day)}-${++batchOfDay}`, due: batch.at(-1)?.at ?? 0, flights: batch };
    batch = [];
    return closed;
  };
  for (let i = firstFrom(flights, REPLAY_FROM); i < flights.count && (flights.at[i] ?? 0) < REPLAY_TO; i++) {
    const flight = askedFlight(flights, features, i);
    const today = Math.floor(flight.at / 86_400);
    if (today !== day) {
      if (batch.length > 0) yield closeBatch();
      day = today;
      batchOfDay = 0;
    }
    const row = flights.row[i] ?? 0;
    if (row % SINGLE_EVERY === 0) yield { seq: seq++, id: `f${row}`, due: flight.at, flights: [flight] };
    else if (batch.push(flight) === BATCH_ROWS) yield closeBatch();
  }
  if (batch.length > 0) yield closeBatch();
}

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
export function inferenceBody(request: AskedRequest, input: { name: string; output: string }): string {
  const times = (of: (flight: AskedFlight) => number) => {
    const all = request.flights.map((flight) => of(flight) * 1000);
    return all.length === 1 ? all[0] : all.join(",");
  };
  const values = request.flights.flatMap((flight) => Array.from(flight.values));
  return JSON.stringify({
    id: request.id,
    parameters: { event_time: times((f) => f.at), feature_time: times((f) => f.featureTime) },
    inputs: [{ name: input.name, datatype: "FP32", shape: [request.flights.length, FEATURES.length], data: values }],
    outputs: [{ name: input.output }],
  });
}
