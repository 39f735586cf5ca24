import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { FEATURES, HISTORY_S, isLate, PointInTimeFeatures } from "./features";
import { type Flights, readFlights } from "./flights";

type Sample = { columns: string[]; rows: (number | string)[][] };
const sample = JSON.parse(readFileSync(new URL("replay-sample.json", import.meta.url), "utf8")) as Sample;
const REPLAY_FROM = Date.UTC(2001, 3, 23) / 1000;

const keyOf = (at: unknown, origin: unknown, destination: unknown, delay: unknown) =>
  [at, origin, destination, delay].join(" ");

describe("features of the replay", { timeout: 60_000 }, () => {
  let flights: Flights;
  beforeAll(async () => {
    flights = await readFlights(REPLAY_FROM - HISTORY_S);
  }, 120_000);

  test("equal those of the offline computation on every sampled flight", () => {
    const wanted = new Map(sample.rows.map((r) => [keyOf(r[0], r[1], r[2], r[3]), r]));
    const features = new PointInTimeFeatures(flights);
    let compared = 0;
    for (let i = 0; i < flights.count; i++) {
      const code = (index: number | undefined) => flights.airports[index ?? -1];
      const key = keyOf(flights.at[i], code(flights.origin[i]), code(flights.destination[i]), flights.delay[i]);
      const row = wanted.get(key);
      if (!row) continue;
      compared++;
      expect([flights.knownAt[i], isLate(flights.delay[i] ?? 0) ? 1 : 0], key).toEqual(row.slice(4, 6));
      expect(Array.from(features.at(i).values), key).toEqual(row.slice(6));
    }
    expect(sample.columns.slice(6)).toEqual([...FEATURES]);
    expect(compared).toBe(sample.rows.length);
  });

  test("hold every flight of the replay once, in order of real time", () => {
    const from = flights.at.findIndex((t) => t >= REPLAY_FROM);
    expect(flights.at.every((t, i) => i === 0 || (flights.at[i - 1] ?? 0) <= t)).toBe(true);
    expect(new Set(flights.row).size).toBe(flights.count);
    expect(flights.count - from).toBeGreaterThan(1_150_000);
  });

  test("are computed from nothing newer than the departure", () => {
    const features = new PointInTimeFeatures(flights);
    for (let i = flights.count - 5000; i < flights.count; i++) {
      const { featureTime } = features.at(i);
      expect(featureTime).toBeLessThan(flights.at[i] ?? 0);
      expect(featureTime).toBeGreaterThan((flights.at[i] ?? 0) - 6 * 3600);
    }
  });
});
