import { describe, expect, test } from "vitest";
import { proposeClause } from "./archetypes";
import type { Clause, ContractDocument, Feature, Slice } from "./document";
import { fullDocument } from "./test-document";
import { validateDocument } from "./validate-document";

const full = fullDocument();
const DAY = 86_400;

function changed(id: string, change: Partial<Clause>): ContractDocument {
  return { ...full, clauses: full.clauses.map((each) => (each.id === id ? { ...each, ...change } : each)) };
}

/** Messages by path, with the clause's id in the place of its number. */
function problems(document: ContractDocument): Record<string, string> {
  return Object.fromEntries(
    validateDocument(document).map(({ path, message }) => [
      path.replace(/^clauses\.(\d+)/, (_, index) => document.clauses[Number(index)]?.id ?? "?"),
      message,
    ]),
  );
}

describe("an option is refused on a clause that does not look at it:", () => {
  test.each<[string, Partial<Clause>, string]>([
    ["a slice of latency", { slice: { feature: "distance", from: 0 } }, "slice"],
    ["fallbacks of latency", { fallbacks: "answer" }, "fallbacks"],
    ["stale rows of latency", { onStale: "flag" }, "onStale"],
    [
      "a drift test of latency",
      { drift: { limits: "learned", floor: 0.1, factor: 2, alpha: 0.1, correction: "bonferroni" } },
      "drift",
    ],
  ])("%s", (_name, change, option) => {
    expect(problems(changed("latency_p99", change))).toEqual({
      [`latency_p99.${option}`]: expect.stringMatching(/belongs to .*, not to p99$/),
    });
  });
  test("a drift test of missing values and of predictions, which have a plain limit", () => {
    const drift = { limits: "learned" as const, floor: 0.1, factor: 2, alpha: 0.1, correction: "bonferroni" as const };
    expect(problems(changed("drift_missing", { drift }))).toHaveProperty(["drift_missing.drift"]);
    expect(problems(changed("drift_prediction", { drift }))).toHaveProperty(["drift_prediction.drift"]);
  });
});

describe("a slice", () => {
  const category: Feature = { name: "carrier", type: "category", categories: ["AA", "UA"] };
  const withSlice = (slice: Slice) => {
    const document = changed("quality_f1_short", { slice });
    const features = [...document.interface.features, category];
    return problems({ ...document, interface: { ...document.interface, features } });
  };
  test.each<[string, Slice]>([
    ["of a range that is open above", { feature: "distance", from: 500 }],
    ["of a range of integers", { feature: "hour", from: 6, to: 12 }],
    ["of some integers", { feature: "hour", values: [6, 7] }],
    ["of some categories", { feature: "carrier", values: ["AA"] }],
  ])("%s is taken", (_name, slice) => expect(withSlice(slice)).toEqual({}));
  test.each<[string, Slice, string, string]>([
    ["of a feature that is not there", { feature: "origin", from: 0 }, "feature", "no feature origin"],
    ["of all rows", { feature: "distance" }, "feature", "say which rows"],
    ["of a range and values", { feature: "hour", from: 1, values: [2] }, "values", "not both"],
    ["that ends where it begins", { feature: "distance", from: 500, to: 500 }, "from", "from 500 on and below 500"],
    ["above the largest value", { feature: "hour", from: 24 }, "from", "at most 23"],
    ["below the smallest value", { feature: "hour", to: 0 }, "to", "at least 0"],
    ["of a range of categories", { feature: "carrier", from: 1 }, "from", "has no range"],
    ["of values of a number", { feature: "distance", values: [100] }, "values", "give a range"],
    ["of broken integers", { feature: "hour", values: [6, 6.5] }, "values", "6.5 is not a value of hour"],
    [
      "of unknown categories",
      { feature: "carrier", values: ["AA", "XX"] },
      "values",
      "XX is not one of the categories",
    ],
  ])("%s is refused", (_name, slice, field, words) => {
    expect(withSlice(slice)).toEqual({ [`quality_f1_short.slice.${field}`]: expect.stringContaining(words) });
  });
  test("makes another promise of the same metric, and the same slice the same one", () => {
    const twin = { ...proposeClause("twin", "f1", 0.3, 64), slice: { feature: "distance", from: 0, to: 500 } };
    const other = { ...twin, slice: { feature: "distance", from: 500 } };
    expect(problems({ ...full, clauses: [...full.clauses, twin] })).toHaveProperty(["twin.metric"]);
    expect(problems({ ...full, clauses: [...full.clauses, other] })).toEqual({});
  });
});

describe("stale rows", () => {
  test("get the fixed response only where there is one", () => {
    expect(problems(changed("freshness", { onStale: "fallback" }))).toEqual({});
    const failureMode = { ...full.failureMode, onTimeout: "error", onOverload: "error", fallback: null };
    const document = { ...changed("freshness", { onStale: "fallback" }), failureMode } as ContractDocument;
    expect(problems(document)).toEqual({ "freshness.onStale": expect.stringContaining("failureMode.fallback") });
  });
  test("are dealt with by one clause", () => {
    const second = { ...proposeClause("older", "feature_age_p99", 3600, 1), onStale: "flag" as const };
    expect(problems({ ...full, clauses: [...full.clauses, second] })).toEqual({
      "older.onStale": "freshness already says what happens to stale rows",
    });
    expect(problems({ ...full, clauses: [...full.clauses, { ...second, onStale: "answer" as const }] })).toEqual({});
  });
});

describe("a drift clause", () => {
  const ownTest = full.clauses.find(({ id }) => id === "drift_features")?.drift;
  const withLimits = (limits: Record<string, number>) =>
    changed("drift_features", { target: 0, atRisk: 0, ...(ownTest && { drift: { ...ownTest, limits } }) });

  test("has a window of whole days", () => {
    expect(problems(changed("drift_missing", { windowSeconds: 36 * 3600 }))).toEqual({
      "drift_missing.windowSeconds": expect.stringContaining("whole number of days"),
    });
    expect(problems(changed("drift_missing", { windowSeconds: 2 * DAY }))).toEqual({});
  });
  test("has limits for features that exist, at or above its floor, and for at least one", () => {
    expect(problems(withLimits({ hour: 0.05, distance: 0.2 }))).toEqual({});
    expect(problems(withLimits({ hour: 0.04, origin: 0.2 }))).toEqual({
      "drift_features.drift.limits.hour": expect.stringContaining("floor of 0.05"),
      "drift_features.drift.limits.origin": "the interface has no feature origin",
    });
    expect(problems(withLimits({}))).toHaveProperty(["drift_features.drift.limits"]);
  });
  test("counts whole features, and fewer than it tests", () => {
    expect(problems(changed("drift_features", { target: 1.5, atRisk: 1 }))).toEqual({
      "drift_features.target": "1.5 is out of range: a whole number of features",
    });
    expect(problems(changed("drift_features", { target: 2, atRisk: 1 }))).toEqual({
      "drift_features.target": "2 features are tested, so 2 may always leave: promise fewer",
    });
    expect(problems(changed("drift_features", { target: 0, atRisk: 0 }))).toEqual({});
  });
  test("over other windows than weeks leaves calendar features out, and is refused where no other is left", () => {
    const days = { windowSeconds: 3 * DAY, target: 0, atRisk: 0 };
    expect(problems(changed("drift_features", days))).toEqual({});
    const only = withLimits({ hour: 0.1 });
    const clauses = only.clauses.map((each) => (each.id === "drift_features" ? { ...each, ...days } : each));
    expect(problems({ ...only, clauses })).toEqual({
      "drift_features.windowSeconds": expect.stringContaining("a multiple of 7 days"),
    });
    expect(problems(only)).toEqual({});
  });
  test("of values out of range needs a range", () => {
    const clause = proposeClause("range", "out_of_range_ratio", 0.01, 64);
    const features = full.interface.features.map(({ min: _, max: __, ...each }) => each);
    const ranged = { ...full, clauses: [...full.clauses, clause] };
    expect(problems(ranged)).toEqual({});
    expect(problems({ ...ranged, interface: { ...full.interface, features } })).toEqual({
      "range.metric": "no feature has a range, so nothing can be out of it",
    });
  });
});

test("a clause about drills needs a failure mode to drill", () => {
  const { failureMode: _, ...without } = full;
  expect(problems(without)).toEqual({ "drill.metric": expect.stringContaining("states no failure mode") });
});
