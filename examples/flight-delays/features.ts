import { type Flights, sortedBy } from "./flights";

/** The model's input columns, in order. Definitions: `offline/features.py`, whose values these equal. */
export const FEATURES = [
  "hour",
  "weekday",
  "distance",
  "origin_dep_1h",
  "origin_out_late_6h",
  "origin_out_late_24h",
  "origin_in_late_3h",
  "origin_in_n_3h",
  "dest_in_late_3h",
  "dest_in_n_3h",
  "route_late_28d",
  "net_late_1h",
] as const;

/** So much history before the first flight makes its features exact: 28 days of landings, and the longest flight. */
export const HISTORY_S = 29 * 86_400;

export const isLate = (delayMinutes: number) => delayMinutes > 15;

const HOUR = 3600;

/**
 * Counts of events in [t - W, t) per key, for t that only grows. Two marks walk over the same time-ordered events: one
 * adds what has become known strictly before t, the other takes away what is older than t - W.
 */
class Window {
  private added = 0;
  private removed = 0;
  private readonly n: Uint32Array;
  private readonly late: Uint32Array;

  constructor(
    private readonly seconds: number,
    /** Events in order of their time: time, key and label by position. */
    private readonly events: {
      readonly time: Uint32Array;
      readonly key: (i: number) => number;
      readonly late: Uint8Array;
    },
    keys: number,
  ) {
    this.n = new Uint32Array(keys);
    this.late = new Uint32Array(keys);
  }

  moveTo(t: number): void {
    const { time } = this.events;
    while (this.added < time.length && (time[this.added] ?? 0) < t) this.change(this.added++, 1);
    while (this.removed < this.added && (time[this.removed] ?? 0) < t - this.seconds) this.change(this.removed++, -1);
  }

  private change(i: number, by: 1 | -1): void {
    const key = this.events.key(i);
    this.n[key] = (this.n[key] ?? 0) + by;
    this.late[key] = (this.late[key] ?? 0) + by * (this.events.late[i] ?? 0);
  }

  count(key: number): number {
    return this.n[key] ?? 0;
  }

  /** Share of late flights, shrunk towards 20 % so that small counts do not shout. */
  rate(key: number): number {
    return ((this.late[key] ?? 0) + 2) / (this.count(key) + 10);
  }

  /** Time of the newest event that counts, or 0. */
  newest(): number {
    return this.added > 0 ? (this.events.time[this.added - 1] ?? 0) : 0;
  }
}

/**
 * Point-in-time features in one pass over flights in order of departure. Ask for positions in ascending order only; a
 * position may be skipped. Nothing that became known at or after a departure can enter its features.
 */
export class PointInTimeFeatures {
  private readonly departures: Window;
  private readonly out6: Window;
  private readonly out24: Window;
  private readonly in3: Window;
  private readonly route28: Window;
  private readonly net1: Window;
  private readonly windows: readonly Window[];

  constructor(private readonly flights: Flights) {
    const landing = sortedBy(flights.knownAt);
    const byLanding = (column: Uint8Array) => Uint8Array.from(landing, (i) => column[i] ?? 0);
    const time = Uint32Array.from(landing, (i) => flights.knownAt[i] ?? 0);
    const late = Uint8Array.from(landing, (i) => (isLate(flights.delay[i] ?? 0) ? 1 : 0));
    const origin = byLanding(flights.origin);
    const destination = byLanding(flights.destination);
    const landings = (key: (i: number) => number) => ({ time, late, key });
    this.departures = new Window(
      HOUR,
      { time: flights.at, late: new Uint8Array(flights.count), key: (i) => flights.origin[i] ?? 0 },
      256,
    );
    this.out6 = new Window(
      6 * HOUR,
      landings((i) => origin[i] ?? 0),
      256,
    );
    this.out24 = new Window(
      24 * HOUR,
      landings((i) => origin[i] ?? 0),
      256,
    );
    this.in3 = new Window(
      3 * HOUR,
      landings((i) => destination[i] ?? 0),
      256,
    );
    this.route28 = new Window(
      28 * 24 * HOUR,
      landings((i) => route(origin[i] ?? 0, destination[i] ?? 0)),
      65_536,
    );
    this.net1 = new Window(
      HOUR,
      landings(() => 0),
      1,
    );
    this.windows = [this.departures, this.out6, this.out24, this.in3, this.route28, this.net1];
  }

  /** Features of the flight at position `i`, in the order of `FEATURES`, and when they were computed (UTC seconds). */
  at(i: number): { readonly values: Float32Array; readonly featureTime: number } {
    const { flights } = this;
    const t = flights.at[i] ?? 0;
    for (const window of this.windows) window.moveTo(t);
    const origin = flights.origin[i] ?? 0;
    const destination = flights.destination[i] ?? 0;
    const values = Float32Array.of(
      flights.hour[i] ?? 0,
      flights.weekday[i] ?? 0,
      flights.distance[i] ?? 0,
      this.departures.count(origin),
      this.out6.rate(origin),
      this.out24.rate(origin),
      this.in3.rate(origin),
      this.in3.count(origin),
      this.in3.rate(destination),
      this.in3.count(destination),
      this.route28.rate(route(origin, destination)),
      this.net1.rate(0),
    );
    // The age of the features is the age of the pipeline's watermark: the newest landing in the whole network.
    return { values, featureTime: this.net1.newest() };
  }
}

const route = (origin: number, destination: number) => origin * 256 + destination;
