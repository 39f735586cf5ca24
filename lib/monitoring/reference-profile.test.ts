import { describe, expect, test } from "vitest";
import { baselinePayload } from "@/lib/monitoring/baseline";
import { calibrated } from "@/lib/monitoring/estimated-performance";
import { isotonic } from "@/lib/monitoring/isotonic";
import { profileReference } from "@/lib/monitoring/reference-profile";
import vectors from "@/lib/monitoring/vectors.json";
import { DAY_MS } from "@/lib/time";

/** Monday. */
const START = Date.UTC(2001, 0, 8);
const ROWS_A_DAY = 200;
const DAYS = 28;
const N = ROWS_A_DAY * DAYS;
const dayOf = (i: number) => Math.floor(i / ROWS_A_DAY);
/** Spreads 0, 1, 2, … over [0, 1). */
const spread = (i: number) => (i * 0.618033988749895) % 1;
const times = Float64Array.from({ length: N }, (_, i) => START + dayOf(i) * DAY_MS + spread(i) * DAY_MS);
const column = (name: string, value: (i: number) => number) => ({
  name,
  values: Float32Array.from({ length: N }, (_, i) => value(i)),
});

function profiled(value: (i: number) => number) {
  const [found] = profileReference({ times, columns: [column("x", value)] }).columns;
  if (!found) throw new Error("no column");
  return found;
}

describe("what is frozen of a reference", () => {
  test("a steady number: a hundred bins of equal count, hardly any weekly variation", () => {
    const found = profiled((i) => spread(i));
    expect(found).toMatchObject({ kind: "number", missing: 0, calendar: false, weeks: 4 });
    expect(found.counts).toHaveLength(found.edges.length + 1);
    expect(found.counts.reduce((a, b) => a + b)).toBe(N);
    expect(found.weekly).toBeLessThan(0.02);
    expect(found.edges.every((edge) => Math.fround(edge) === edge)).toBe(true);
  });

  test("a number that one week is wholly another: its weekly variation is known", () => {
    const found = profiled((i) => (dayOf(i) < 7 ? 2 + spread(i) : spread(i)));
    expect(found.weekly).toBeCloseTo(0.75, 1);
  });

  test("weekday follows the calendar: far from day to day, the same every week", () => {
    const found = profiled((i) => 1 + (dayOf(i) % 7));
    expect(found).toMatchObject({ kind: "values", calendar: true, edges: [1, 2, 3, 4, 5, 6, 7] });
    expect(found.weekly).toBeLessThan(1e-9);
  });

  test.each([
    ["constant", () => 5, "constant in the reference: 5"],
    ["an identifier", (i: number) => i, "nearly every row has a value of its own: an identifier"],
    ["empty", () => Number.NaN, "has no value in the reference"],
  ])("%s is excluded, with the reason", (_, value, reason) => {
    expect(profiled(value)).toMatchObject({ kind: "excluded", reason, edges: [], counts: [], weekly: null });
  });

  test("missing values are counted apart from the bins", () => {
    const found = profiled((i) => (i % 4 === 0 ? Number.NaN : spread(i)));
    expect(found.missing).toBe(N / 4);
    expect(found.counts.reduce((a, b) => a + b)).toBe(N - N / 4);
  });

  test("the first Monday starts the first week, wherever the reference starts", () => {
    const fromThursday = times.map((time) => time + 3 * DAY_MS);
    const values = column("x", (i) => (dayOf(i) < 4 ? 2 + spread(i) : spread(i)));
    const [found] = profileReference({ times: fromThursday, columns: [values] }).columns;
    // Thursday to Sunday belong to no whole week; of the other 24 days three weeks are whole.
    expect(found?.weeks).toBe(3);
    expect(found?.weekly).toBeLessThan(0.2);
  });

  test("is a payload that can be stored", () => {
    const profile = profileReference({ times, columns: [column("score", spread), column("hour", (i) => i % 24)] });
    expect(baselinePayload.parse({ ...profile, calibrator: null, importance: null })).toMatchObject({ n: N });
  });
});

test("isotonic regression is scikit-learn's", () => {
  const { x, y, query, fitted } = vectors.isotonic;
  const found = isotonic(x, y);
  query.forEach((at, i) => {
    expect(calibrated(found, at)).toBeCloseTo(fitted[i] ?? Number.NaN, 12);
  });
});
