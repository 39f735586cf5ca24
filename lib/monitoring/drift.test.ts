import { describe, expect, test } from "vitest";
import { proposeClause } from "@/lib/contracts/archetypes";
import type { DriftTest, Feature } from "@/lib/contracts/document";
import { DEFAULT_DRIFT_TEST } from "@/lib/contracts/drift-test";
import type { BaselineColumn, BaselinePayload } from "@/lib/monitoring/baseline";
import { compare, findingsOf, limitOf, ofOutput, type Reference } from "@/lib/monitoring/drift";
import { driftMeasurement } from "@/lib/monitoring/drift-clause";
import { measure } from "@/lib/monitoring/measure";
import { DAY_MS } from "@/lib/time";

const column = (name: string, change: Partial<BaselineColumn> = {}): BaselineColumn => ({
  ...{ name, kind: "values", edges: [0, 1, 2], counts: [4000, 3000, 3000, 0], missing: 0, unseen: 0 },
  ...{ calendar: false, weekly: 0.02, weeklyVariation: 0.03, weeks: 8 },
  ...change,
});
const payload: BaselinePayload = {
  columns: [
    column("score"),
    column("steady"),
    column("moved"),
    column("origin"),
    column("weekday", { calendar: true }),
  ],
  ...{
    n: 10_000,
    from: "2001-01-01T00:00:00.000Z",
    to: "2001-02-26T00:00:00.000Z",
    calibrator: null,
    importance: null,
  },
  output: { name: "probabilities", index: 1 },
};
const reference: Reference = { id: 7, ids: [7], payload };
const features: Feature[] = [
  { name: "steady", type: "number" },
  { name: "moved", type: "integer" },
  { name: "origin", type: "category", categories: ["0", "1", "2"] },
  { name: "weekday", type: "integer" },
];
const same = [400, 300, 300];
const away = [100, 300, 600];
const week = { from: 0, to: 7 * DAY_MS };

/** Rows by bin of score and features; bins 0, 1, 2, then unseen and missing. */
function window(...counts: readonly (readonly number[])[]) {
  return { bins: counts.map(() => [0, 1, 2, 254, 255]), counts };
}

function found(counts: readonly (readonly number[])[], drift: DriftTest = DEFAULT_DRIFT_TEST, range = week) {
  const compared = compare(reference, window(...counts));
  if (!compared) throw new Error("no rows");
  return findingsOf(compared, features, drift, range);
}
const of = (feature: string, all: ReturnType<typeof found>) => all.features.find((each) => each.feature === feature);

describe("findings", () => {
  test("changed, how much, and beyond its limit are three answers", () => {
    const all = found([same, same, away, away, same]);
    expect(of("steady", all)).toMatchObject({ changed: false, left: false, limit: 0.05, test: "kolmogorov_smirnov" });
    expect(of("moved", all)).toMatchObject({ changed: true, left: true, effect: { value: expect.closeTo(0.3, 9) } });
    expect(of("origin", all)).toMatchObject({
      test: "chi_squared",
      left: true,
      effect: { value: expect.closeTo(0.3, 9) },
    });
    expect(all.score).toMatchObject({ changed: false, limit: null });
  });

  test("a change that is certain but small stays within its limit", () => {
    const many = [40_000, 30_000, 33_000];
    expect(of("moved", found([same, same, many, same, same]))).toMatchObject({ changed: true, left: false });
  });

  test("a feature that follows the calendar is tested over whole weeks only", () => {
    expect(of("weekday", found([same, same, same, same, away]))?.left).toBe(true);
    const three = found([same, same, same, same, away], DEFAULT_DRIFT_TEST, { from: 0, to: 3 * DAY_MS });
    expect(of("weekday", three)).toMatchObject({ left: false, skipped: expect.stringContaining("whole weeks") });
  });

  test("given limits test what they name, and nothing else", () => {
    const given = { ...DEFAULT_DRIFT_TEST, limits: { moved: 0.4 } };
    const all = found([same, away, away, away, same], given);
    expect(of("moved", all)).toMatchObject({ limit: 0.4, changed: true, left: false });
    expect(of("steady", all)).toMatchObject({ limit: null, skipped: expect.stringContaining("names no limit") });
  });

  test("limits are learned from the reference's own weeks: factor times the largest, never below the floor", () => {
    expect(limitOf(column("x", { weekly: 0.2 }), DEFAULT_DRIFT_TEST)).toBeCloseTo(0.25, 12);
    expect(limitOf(column("x", { weekly: null }), DEFAULT_DRIFT_TEST)).toBe(0.05);
    expect(limitOf(column("x", { weekly: 0.9 }), DEFAULT_DRIFT_TEST)).toBe(1);
    const category = { type: "category" as const };
    expect(limitOf(column("x", { weeklyVariation: 0.4 }), DEFAULT_DRIFT_TEST, category)).toBeCloseTo(0.5, 12);
  });

  test("missing and unseen values are counted, never dropped; all missing is said, not thrown", () => {
    const all = found([same, [300, 300, 300, 50, 50], [0, 0, 0, 0, 1000], same, same]);
    expect(of("steady", all)).toMatchObject({ missingRatio: 0.05, unseenRatio: expect.closeTo(50 / 950, 12) });
    expect(of("moved", all)).toMatchObject({ skipped: "every value of the window is missing", missingRatio: 1 });
  });
});

describe("a drift clause", () => {
  const facts = (counts: readonly (readonly number[])[]) => ({
    ...{ features, reference, violations: undefined },
    window: window(...counts),
  });
  const clause = proposeClause("drift_features", "drifted_features", 1, 64);

  test("counts the features that left, with bounds, and names them", () => {
    const measured = driftMeasurement(clause, facts([same, same, away, away, same]), week);
    expect(measured).toMatchObject({ value: 2, low: 2, high: 2, n: 1000, problem: null });
    expect(measured.note).toMatch(/moved 0\.3 \(limit 0\.05\), origin 0\.3|origin 0\.3 \(limit 0\.05\), moved 0\.3/);
  });

  test("without a reference, or without rows under it, nothing is claimed", () => {
    const without = { ...facts([same]), reference: null };
    expect(driftMeasurement(clause, without, week).problem).toMatch(/no reference yet/);
    expect(driftMeasurement(clause, { ...facts([]), window: undefined }, week).problem).toMatch(/no prediction/);
  });

  test("scores of another output than the contract's are not compared", () => {
    const other = ofOutput(reference, { name: "probabilities", index: 0 });
    const prediction = proposeClause("drift_prediction", "prediction_drift", 0.2, 64);
    const measured = driftMeasurement(prediction, { ...facts([away, same, same, same, same]), reference: other }, week);
    expect(measured.problem).toMatch(/column 1; the contract's score is probabilities, column 0/);
    expect(ofOutput(reference, { name: "probabilities", index: 1 })).toBe(reference);
  });
});

describe("a failure-mode clause", () => {
  const clause = proposeClause("drill", "drill_age", 30 * 86_400, 64);
  const now = Date.UTC(2026, 10, 24);
  const base = {
    ...{ now, probe: null, failedProbes: 0, withoutTime: 0 },
    window: { from: now - DAY_MS, to: now, grain: "hour" as const, asOf: now },
  };
  const drill = { endedAt: now - 3_600_000, passed: true, matches: true };

  test("is as old as the last drill that passed", () => {
    expect(measure(clause, { ...base, drill })).toMatchObject({ value: 3600, low: 3600, high: 3600, outage: null });
  });
  test("is broken by a drill that failed, however new", () => {
    const measured = measure(clause, { ...base, drill: { ...drill, passed: false } });
    expect(measured.outage).toMatchObject({ exhausted: true, reason: expect.stringContaining("failed") });
  });
  test("claims nothing of a drill of something else, or of none", () => {
    expect(measure(clause, { ...base, drill: { ...drill, matches: false } }).problem).toMatch(/another/);
    expect(measure(clause, { ...base, drill: null }).problem).toMatch(/never drilled/);
  });
});
