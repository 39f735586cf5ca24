import { describe, expect, test } from "vitest";
import type { LoadStep } from "./load-curve";
import { kneeOf, kneeReason, type LoadPlan, MAX_STEPS, nextRate } from "./load-plan";
import { testStep } from "./test-curve";

const plan: LoadPlan = { ceiling: 200, p99Ms: 25 };

/** Measures a server that holds every rate up to `capacity`, and answers no more. */
function measured(capacity: number, of: LoadPlan): LoadStep[] {
  const steps: LoadStep[] = [];
  for (let rate = nextRate(steps, of); rate !== null; rate = nextRate(steps, of)) {
    steps.push(testStep(rate, rate <= capacity ? 2 : 500, { achievedPerSecond: Math.min(rate, capacity) }));
  }
  return steps;
}

const rates = (steps: readonly LoadStep[]) => steps.map(({ offeredPerSecond }) => offeredPerSecond);

describe("the rates", () => {
  test("double up to the ceiling, are exactly there, and go on to beyond the knee", () => {
    expect(rates(measured(1000, plan))).toEqual([25, 50, 100, 200, 400, 800, 1600, 1130, 951]);
  });

  test("include the ceiling also where a lower rate is beyond the knee, and then narrow the knee down", () => {
    const steps = measured(60, plan);
    expect(rates(steps)).toContain(200);
    expect(kneeOf(steps, plan)?.perSecond).toBeGreaterThanOrEqual(50);
    expect(kneeOf(steps, plan)?.perSecond).toBeLessThanOrEqual(60);
  });

  test("go down where not even the first holds", () => {
    expect(rates(measured(3, plan))).toEqual(expect.arrayContaining([25, 200, 12.5, 6.25]));
  });

  test("end: never more than ten, whatever the server and the ceiling", () => {
    for (const capacity of [0, 1, 7, 90, 4321, 1e9]) {
      for (const ceiling of [null, 1, 3, 130, 5000]) {
        const steps = measured(capacity, { ceiling, p99Ms: null });
        expect(steps.length).toBeLessThanOrEqual(MAX_STEPS);
        expect(new Set(rates(steps)).size).toBe(steps.length);
        if (ceiling !== null) expect(rates(steps)).toContain(ceiling);
      }
    }
  });
});

test("a step is beyond the knee when too little is answered, p99 is four times the promise, or answers are lacking", () => {
  expect(kneeReason(testStep(100, 100), plan)).toBeNull();
  expect(kneeReason(testStep(100, 101), plan)).toContain("p99 101 ms");
  expect(kneeReason(testStep(100, 101), { ...plan, p99Ms: null })).toBeNull();
  expect(kneeReason(testStep(100, 2, { achievedPerSecond: 94 }), plan)).toContain("Only 94 of 100");
  expect(kneeReason(testStep(100, 2, { errors: 3 }), plan)).toContain("3 of 200 requests");
});
