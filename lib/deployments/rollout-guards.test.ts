import { describe, expect, it } from "vitest";
import { proposeClause } from "@/lib/contracts/archetypes";
import { exampleDocument } from "@/lib/contracts/test-document";
import { NOTHING, type RevisionCounts, type StageFacts } from "./rollout-facts";
import { guardsOf, unguardedClauses } from "./rollout-guards";
import { aucOfGroups } from "./rollout-quality";

const plan = {
  shadow: false,
  steps: [{ percent: 10, minSeconds: 10, minSamples: 100 }],
  comparison: { slowShare: 0.02, failedShare: 0.01, predictionShift: 0.1 },
};
const { clauses } = exampleDocument();
const contract = { clauses, plan };
const share = { percent: 10, shadow: false };

const SCORES = [0, 25, 50, 25];
const spread = (n: number, shape: readonly number[] = SCORES) =>
  shape.map((part) => (part * n) / shape.reduce((sum, each) => sum + each, 0));

function counts(n: number, { slow = 0, failed = 0, shape = SCORES } = {}): RevisionCounts {
  const latency = new Map(
    clauses.filter(({ kind }) => kind === "latency").map(({ id }) => [id, { requests: n, taken: n - failed, slow }]),
  );
  return { requests: n, answered: n - failed, fellBack: 0, latency, scores: spread(n, shape) };
}

const facts = (candidate: RevisionCounts, incumbent: RevisionCounts = counts(900)): StageFacts => ({
  ...{ candidate, incumbent, incumbentName: "flights-r1", labels: null, drift: null },
});
const stateOf = (found: StageFacts, id: string) => guardsOf(contract, share, found).find((each) => each.id === id);

describe("guards of a stage", () => {
  it("say that there is no data where there is none, and hold the step up", () => {
    const found = guardsOf(contract, share, facts(NOTHING, NOTHING));
    expect(found.filter(({ required }) => required).every(({ state }) => state === "no_data")).toBe(true);
    expect(found.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["slow_share", "failed_share", "prediction_shift"]),
    );
  });

  it("hold for a candidate that is like the incumbent", () => {
    const found = guardsOf(contract, share, facts(counts(1000), counts(9000)));
    expect(found.filter(({ required }) => required).every(({ state }) => state === "holds")).toBe(true);
    expect(found.find(({ id }) => id === "slow_share")).toMatchObject({
      value: 0,
      margin: 0.02,
      incumbentSamples: 9000,
    });
  });

  it("break for a slow candidate after a few dozen of its answers, by the clause and by the comparison", () => {
    const slow = facts(counts(40, { slow: 30 }), counts(360, { slow: 2 }));
    expect(stateOf(slow, "latency_p99")).toMatchObject({ state: "broken", evidence: 1 });
    expect(stateOf(slow, "slow_share")).toMatchObject({ state: "broken" });
    expect(stateOf(slow, "latency_p99")?.words).toMatch(/^30 of 40 requests were slower than 25 ms/);
  });

  it("break for a candidate whose answers fail, and say against whom", () => {
    const failing = facts(counts(40, { failed: 20 }), counts(360));
    expect(stateOf(failing, "failed_share")).toMatchObject({ state: "broken" });
    expect(stateOf(failing, "failed_share")?.words).toContain("of flights-r1");
  });

  it("break for predictions that moved, however fast and complete they come", () => {
    const moved = facts(counts(500, { shape: [50, 50, 0, 0] }), counts(4500));
    expect(stateOf(moved, "prediction_shift")).toMatchObject({ state: "broken" });
    expect(stateOf(moved, "latency_p99")).toMatchObject({ state: "holds" });
  });

  it("doubt what is beyond its limit and may be chance", () => {
    expect(stateOf(facts(counts(100, { slow: 2 })), "latency_p99")).toMatchObject({ state: "doubtful" });
  });

  it("do not blame the candidate for a bad hour of both", () => {
    const hour = facts(counts(100, { failed: 30 }), counts(900, { failed: 270 }));
    expect(stateOf(hour, "failed_share")).toMatchObject({ state: "holds", value: 0 });
  });

  it("compare what a shadow said to copies with what was answered", () => {
    const copies = facts(counts(300, { failed: 60 }), counts(300));
    const found = guardsOf(contract, { percent: 0, shadow: true }, copies);
    expect(found.find(({ id }) => id === "failed_share")).toMatchObject({ state: "broken" });
  });
});

describe("quality, where labels have come", () => {
  const brier = { ...proposeClause("quality_brier", "brier", 0.2, 64), minSamples: 200 };
  const auc = { ...proposeClause("quality_auc", "auc", 0.7, 64), minSamples: 200 };
  const judged = { clauses: [brier, auc], plan };
  const labelled = (n: number, error: number, negativeBelow: number) => ({
    ...facts(counts(1000)),
    labels: {
      ...{ labelled: n, wrong: n / 4, squaredError: n * error },
      groups: [
        { positive: (n / 2) * (1 - negativeBelow), negative: (n / 2) * negativeBelow },
        { positive: (n / 2) * negativeBelow, negative: (n / 2) * (1 - negativeBelow) },
      ],
    },
  });
  const of = (found: StageFacts) => guardsOf(judged, share, found).slice(0, 2);

  it("holds nothing up while labels are few", () => {
    expect(of(facts(counts(1000)))).toMatchObject([
      { id: "quality_brier", state: "no_data", required: false, value: null },
      { id: "quality_auc", state: "no_data", required: false, value: null },
    ]);
    expect(of(labelled(40, 0.25, 0.6)).map(({ state }) => state)).toEqual(["no_data", "no_data"]);
  });

  it("breaks when the labels prove it", () => {
    expect(of(labelled(4000, 0.4, 0.4)).map(({ state }) => state)).toEqual(["broken", "broken"]);
    expect(of(labelled(4000, 0.15, 0.9)).map(({ state }) => state)).toEqual(["holds", "holds"]);
    expect(of(labelled(400, 0.21, 0.65)).map(({ state }) => state)).toEqual(["doubtful", "doubtful"]);
  });

  it("is counted with ties half", () => {
    expect(
      aucOfGroups([
        { positive: 1, negative: 3 },
        { positive: 3, negative: 1 },
      ])?.auc,
    ).toBeCloseTo((9 + 3 * 0.5 + 0.5 * 3) / 16, 12);
    expect(aucOfGroups([{ positive: 1, negative: 0 }])).toBeNull();
  });
});

it("says of every clause that it cannot guard why", () => {
  const all = [
    ...clauses,
    proposeClause("drift_features", "drifted_features", 1, 64),
    proposeClause("drill", "drill_age", 9e5, 64),
  ];
  const named = unguardedClauses(all).map(({ clause }) => clause);
  expect(named).toEqual(expect.arrayContaining(["drift_features", "drill"]));
  expect(named).not.toContain("latency_p99");
  expect(unguardedClauses([proposeClause("drift_prediction", "prediction_drift", 0.2, 64)])).toEqual([]);
});
