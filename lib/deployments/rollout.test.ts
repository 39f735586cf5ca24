import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type GuardReading,
  mayRolloutBecome,
  nextStep,
  type Observation,
  OPEN_ROLLOUT_STATES,
  ROLLOUT_STATES,
  type Rollout,
  shareOf,
} from "./rollout";

const plan = {
  shadow: true,
  steps: [
    { percent: 10, minSeconds: 30, minSamples: 100 },
    { percent: 50, minSeconds: 60, minSamples: 500 },
  ],
  comparison: { slowShare: 0.02, failedShare: 0.01, predictionShift: 0.1 },
};
const golden = { rows: 8, passed: true, largestDifference: 0, tolerance: 1e-4, words: "all 8 rows agree" };
const NOW = 1_000_000_000;

const rollout = (over: Partial<Rollout> = {}): Rollout => ({
  ...{ state: "stepping", plan, step: 0, paused: false, extraSeconds: 0, extraSamples: 0 },
  ...{ stageSince: NOW - 60_000, golden },
  ...over,
});

const guard = (over: Partial<GuardReading> = {}): GuardReading => ({
  ...{ id: "latency_p99", kind: "clause", label: "latency p99", state: "holds", required: true },
  ...{ value: 0, limit: 0.01, margin: 0.01, unit: "share", evidence: 0, samples: 100, incumbentSamples: null },
  words: "0 of 100 were slower than 50 ms",
  ...over,
});

const seen = (over: Partial<Observation> = {}): Observation => ({
  ...{ canary: { kind: "ready" }, overtakenBy: null, samples: 100, guards: [guard()] },
  ...over,
});

const at = (over: Partial<Rollout>, observed: Partial<Observation> = {}) =>
  nextStep(rollout(over), seen(observed), NOW);

describe("a rollout goes forward", () => {
  it("from the golden set into the shadow, from the shadow to the first step, through the steps, to the end", () => {
    expect(at({ state: "checking", stageSince: null }, { samples: 0, guards: [] })).toMatchObject({ state: "shadow" });
    expect(at({ state: "shadow" })).toEqual({ kind: "advance", state: "stepping", step: 0 });
    expect(at({})).toEqual({ kind: "advance", state: "stepping", step: 1 });
    expect(at({ step: 1 }, { samples: 500 })).toEqual({ kind: "complete" });
  });

  it("without a shadow where the plan has none", () => {
    const without = { ...plan, shadow: false };
    expect(at({ state: "checking", plan: without })).toEqual({ kind: "advance", state: "stepping", step: 0 });
  });

  it("counts a stage from when the target does what it asks", () => {
    expect(at({ stageSince: null })).toEqual({ kind: "begin" });
  });
});

describe("a rollout stays", () => {
  it.each([
    ["without the golden set's answers", { state: "checking", golden: null }, {}],
    ["short of samples", {}, { samples: 99 }],
    ["short of time", { stageSince: NOW - 29_000 }, {}],
    ["while a person paused it", { paused: true }, {}],
    ["for the seconds that a person added", { extraSeconds: 31 }, {}],
    ["for the samples that a person added", { extraSamples: 1 }, {}],
    ["while the target has not done what is asked", {}, { canary: { kind: "waiting", reason: "it loads" } }],
    ["without data for a guard", {}, { guards: [guard({ state: "no_data", value: null, margin: null })] }],
    ["while a guard is beyond its limit, proven or not", {}, { guards: [guard({ state: "doubtful" })] }],
    ["when nothing is measured at all", {}, { guards: [] }],
  ] as const)("%s", (_, over, observed) => {
    expect(at(over, observed as Partial<Observation>).kind).toBe("stay");
  });

  it("and says how far it is", () => {
    const found = at({ stageSince: NOW - 12_000, extraSamples: 20 }, { samples: 40 });
    const progress = { samples: 40, samplesNeeded: 120, seconds: 12, secondsNeeded: 30 };
    expect(found).toEqual({ kind: "stay", reason: "40 of 120 samples", progress });
  });

  it("not for a guard that needs labels", () => {
    const labels = guard({ id: "auc", state: "no_data", required: false });
    expect(at({}, { guards: [guard(), labels] }).kind).toBe("advance");
  });
});

describe("a rollout goes back", () => {
  const broken = guard({ state: "broken", words: "31 of 100 were slower than 50 ms" });

  it.each([
    [
      "for a broken guard, also while it is paused",
      { paused: true },
      { guards: [guard({ id: "x" }), broken] },
      "latency_p99",
    ],
    ["for a broken guard long before its samples are there", {}, { samples: 3, guards: [broken] }, "latency_p99"],
    ["for a candidate that the target cannot run", {}, { canary: { kind: "failed", reason: "no memory" } }, null],
    ["for other answers to the golden set", { state: "checking", golden: { ...golden, passed: false } }, {}, null],
  ] as const)("%s", (_, over, observed, by) => {
    expect(at(over as Partial<Rollout>, observed as Partial<Observation>)).toMatchObject({
      kind: "roll_back",
      guard: by,
    });
  });

  it("to nothing of its own when another revision was made to serve", () => {
    expect(at({}, { overtakenBy: "x-r1", guards: [broken] }).kind).toBe("overtaken");
  });
});

const states = fc.constantFrom(...ROLLOUT_STATES);
const anyRollout = fc.record({
  state: states,
  plan: fc.constant(plan),
  step: fc.nat({ max: 1 }),
  paused: fc.boolean(),
  extraSeconds: fc.nat({ max: 100 }),
  extraSamples: fc.nat({ max: 100 }),
  stageSince: fc.option(fc.integer({ min: NOW - 200_000, max: NOW })),
  golden: fc.option(fc.constantFrom(golden, { ...golden, passed: false })),
});
const anyGuard = fc
  .record({ state: fc.constantFrom("holds", "doubtful", "broken", "no_data" as const), required: fc.boolean() })
  .map((over) => guard(over));
const anyObservation = fc.record({
  canary: fc.constantFrom<Observation["canary"]>(
    { kind: "ready" },
    { kind: "waiting", reason: "it loads" },
    { kind: "failed", reason: "no memory" },
  ),
  overtakenBy: fc.option(fc.constant("x-r1")),
  samples: fc.nat({ max: 1000 }),
  guards: fc.array(anyGuard, { maxLength: 4 }),
});

describe("whatever is seen", () => {
  it("never goes forward without a ready candidate, its samples, its time, a golden set that agrees and guards that hold", () => {
    fc.assert(
      fc.property(anyRollout, anyObservation, (each, observed) => {
        const next = nextStep(each, observed, NOW);
        if (next.kind !== "advance" && next.kind !== "complete") return;
        expect(OPEN_ROLLOUT_STATES).toContain(each.state);
        expect(each.paused).toBe(false);
        expect(each.golden?.passed ?? true).toBe(true);
        expect(observed.canary.kind).toBe("ready");
        expect(observed.overtakenBy).toBeNull();
        expect(observed.guards.every(({ state }) => state !== "broken")).toBe(true);
        if (next.kind === "advance") expect(mayRolloutBecome(each.state, next.state)).toBe(true);
        if (each.state === "checking") {
          expect(each.golden).not.toBeNull();
          return;
        }
        expect(observed.samples).toBeGreaterThanOrEqual((plan.steps[each.step]?.minSamples ?? 0) + each.extraSamples);
        expect(
          observed.guards.some(({ state, required }) => state === "doubtful" || (required && state === "no_data")),
        ).toBe(false);
        expect(each.stageSince).not.toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it("an ended rollout stays what it is, and a step's share is the plan's", () => {
    fc.assert(
      fc.property(anyRollout, anyObservation, (each, observed) => {
        if (!OPEN_ROLLOUT_STATES.includes(each.state)) expect(nextStep(each, observed, NOW).kind).toBe("stay");
        const { percent, shadow } = shareOf(each);
        expect(percent).toBe(each.state === "stepping" ? plan.steps[each.step]?.percent : 0);
        expect(shadow).toBe(each.state === "shadow");
      }),
    );
  });
});
