import { describe, expect, test } from "vitest";
import type { FeaturePart } from "@/lib/monitoring/feature-parts";
import { rankFeatures, rankSlices, type WhyFacts, whySteps } from "@/lib/monitoring/why";

const feature = (name: string, effect: number | null, importance: number | null) => ({
  ...{ feature: name, effect, limit: 0.05, beyond: false, importance },
});

test("features are ranked by importance x effect: a large move of what hardly matters comes after a small one of what does", () => {
  const ranked = rankFeatures([feature("hour", 0.9, 0.001), feature("route", 0.2, 0.05), feature("still", 0, 0.4)]);
  expect(ranked.map((each) => each.feature)).toEqual(["route", "hour"]);
  expect(ranked[0]?.share).toBeCloseTo(0.01 / 0.0109, 9);
});

test("without importance they are ranked by effect, and no share is claimed", () => {
  const ranked = rankFeatures([feature("a", 0.1, null), feature("b", 0.3, null), feature("c", null, null)]);
  expect(ranked.map(({ feature: name, share }) => [name, share])).toEqual([
    ["b", null],
    ["a", null],
  ]);
});

const part = (label: string, labelled: number, gap: number, half: number, brier = 0.2): FeaturePart => ({
  ...{ label, n: labelled, labelled, observed: 0.3 + gap, expected: 0.3, brier },
  gap: { value: gap, low: gap - half, high: gap + half },
});

describe("slices", () => {
  test("to a calibration error a part contributes its gap times its share, and nothing while the gap may be chance", () => {
    const ranked = rankSlices(
      [
        { feature: "route", parts: [part("≤ 1", 500, 0.08, 0.02), part("> 1", 500, 0.01, 0.02)] },
        { feature: "hour", parts: [part("= 7", 900, 0.02, 0.03), part("= 8", 100, -0.2, 0.1)] },
      ],
      "calibration_error",
    );
    expect(ranked.map(({ feature: name, part: label }) => [name, label])).toEqual([
      ["route", "≤ 1"],
      ["hour", "= 8"],
    ]);
    expect(ranked[0]).toMatchObject({ by: "gap", share: 0.5 });
    expect(ranked[0]?.contribution).toBeCloseTo(0.04, 12);
  });

  test("to any other quality metric it contributes its squared error beyond that of all rows", () => {
    const ranked = rankSlices(
      [{ feature: "route", parts: [part("≤ 1", 250, 0, 0.1, 0.4), part("> 1", 750, 0, 0.1, 0.1)] }],
      "auc",
    );
    expect(ranked).toHaveLength(1);
    expect(ranked[0]).toMatchObject({ part: "≤ 1", by: "brier" });
    expect(ranked[0]?.contribution).toBeCloseTo(0.25 * (0.4 - 0.175), 12);
  });

  test("a handful of rows says nothing", () => {
    expect(rankSlices([{ feature: "x", parts: [part("= 1", 10, 0.9, 0.01)] }], "calibration_error")).toEqual([]);
  });
});

const facts: WhyFacts = {
  clause: { kind: "quality", metric: "calibration_error", labelDelaySeconds: 86_400 },
  changes: [],
  previous: "v1 (flights-r1)",
  beyond: ["route_late_28d"],
  observedToExpected: 1.2,
  qualityHolds: false,
};
const advised = (given: WhyFacts) =>
  whySteps(given)
    .filter((step) => step.advised)
    .map(({ kind }) => kind);

describe("what to do next", () => {
  test("the most easily undone comes first", () => {
    expect(whySteps(facts).map(({ kind }) => kind)).toEqual(["look", "roll_back", "recalibrate", "retrain", "amend"]);
    const drift = { ...facts, clause: { ...facts.clause, kind: "drift", metric: "prediction_drift" } as const };
    expect(whySteps(drift).map(({ kind }) => kind)).toEqual([
      "look",
      "roll_back",
      "retrain",
      "accept_reference",
      "amend",
    ]);
  });

  test("a rollback is advised only where something was changed then, and something can take over", () => {
    expect(advised(facts)).not.toContain("roll_back");
    expect(advised({ ...facts, changes: ["v2 serves"] })).toContain("roll_back");
    expect(advised({ ...facts, changes: ["v2 serves"], previous: null })).not.toContain("roll_back");
  });

  test("recalibrating is advised where the level is off, not where the ranking is", () => {
    expect(advised(facts)).toContain("recalibrate");
    expect(advised({ ...facts, observedToExpected: 1.01 })).not.toContain("recalibrate");
    expect(advised({ ...facts, clause: { ...facts.clause, metric: "auc" } })).not.toContain("recalibrate");
    expect(whySteps(facts).find(({ kind }) => kind === "recalibrate")?.text).toMatch(/20 % more happens/);
  });

  test("a new reference is not advised while quality is not met: it would hide the fault", () => {
    const drift = { ...facts, clause: { ...facts.clause, kind: "drift", metric: "drifted_features" } as const };
    expect(advised(drift)).not.toContain("accept_reference");
    expect(advised({ ...drift, qualityHolds: true })).toContain("accept_reference");
  });

  test("missing labels are no fault of the model: nothing is proposed that would change it", () => {
    const late = { ...facts, clause: { ...facts.clause, metric: "label_coverage" } as const };
    expect(whySteps({ ...late, changes: ["v2 serves"] }).map(({ kind }) => kind)).toEqual(["look", "amend"]);
  });
});
