import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clauseState, type Previous } from "@/lib/monitoring/clause-state";
import type { Measurement } from "@/lib/monitoring/measurement";

const ceiling = {
  metric: "p99",
  direction: "at_most",
  unit: "ms",
  target: 30,
  atRisk: 24,
  cadenceSeconds: 60,
  consecutive: 3,
  minSamples: 100,
  probe: "gateway",
} as const;
const floor = { ...ceiling, metric: "auc", direction: "at_least", unit: "ratio", target: 0.7, atRisk: 0.72 } as const;

function at(
  minute: number,
  low: number | null,
  value: number | null,
  high: number | null,
  more: Partial<Measurement> = {},
) {
  return {
    ...{ value, low, high, n: 1000, window: null, asOf: minute * 60_000, problem: null, outage: null, note: null },
    ...more,
  } satisfies Measurement;
}

function after(clause: Parameters<typeof clauseState>[0], measurements: readonly Measurement[]) {
  let previous: Previous | null = null;
  const states: string[] = [];
  for (const measured of measurements) {
    previous = clauseState(clause, measured, previous);
    states.push(previous.state);
  }
  return states;
}

describe("unproven comes first", () => {
  test.each([
    ["no probe", { ...ceiling, probe: "none" as const }, at(1, 1, 2, 3), /no probe/],
    ["a problem", ceiling, at(1, 1, 2, 3, { problem: "the endpoint does not answer" }), /does not answer/],
    ["too few samples", ceiling, at(1, 1, 2, 3, { n: 99 }), /needs 100, has 99/],
    ["no value", ceiling, at(1, null, null, null), /needs 100/],
    ["no bound on the bad side", ceiling, at(1, 1, 2, null), /too few to bound/],
  ])("%s", (_, clause, measured, reason) => {
    const verdict = clauseState(clause, measured, null);
    expect(verdict.state).toBe("unproven");
    expect(verdict.reason).toMatch(reason);
  });
});

test("met needs the whole interval on the good side and the value before the risk begins", () => {
  expect(clauseState(ceiling, at(1, 10, 12, 15), null).state).toBe("met");
  expect(clauseState(floor, at(1, 0.73, 0.75, 0.77), null).state).toBe("met");
});

test("at risk: the value is beyond its risk limit, or the interval straddles the target", () => {
  expect(clauseState(ceiling, at(1, 23, 25, 27), null)).toMatchObject({
    state: "at_risk",
    reason: /where the risk begins/,
  });
  expect(clauseState(ceiling, at(1, 12, 20, 31), null)).toMatchObject({
    state: "at_risk",
    reason: /part of it breaks/,
  });
  expect(clauseState(floor, at(1, 0.69, 0.74, 0.79), null).state).toBe("at_risk");
});

test("breached only after so many evaluations in a row, each a cadence after the last", () => {
  const wrong = (minute: number) => at(minute, 31, 35, 40);
  expect(after(ceiling, [wrong(1), wrong(2), wrong(3)])).toEqual(["at_risk", "at_risk", "breached"]);
  expect(after(ceiling, [wrong(1), wrong(1.2), wrong(1.4), wrong(1.6)])).not.toContain("breached");
  expect(after(ceiling, [wrong(1), wrong(2), at(3, 10, 12, 15), wrong(4), wrong(5)])).not.toContain("breached");
});

test("one evaluation on the right side ends a breach only if the value itself is good again", () => {
  const wrong = [1, 2, 3].map((minute) => at(minute, 31, 35, 40));
  expect(after(ceiling, [...wrong, at(4, 29, 31, 33)]).at(-1)).toBe("breached");
  expect(after(ceiling, [...wrong, at(4, 28, 29.5, 33)]).at(-1)).toBe("at_risk");
  expect(after(ceiling, [...wrong, at(3.5, 10, 12, 15)]).at(-1)).toBe("breached");
});

test("a gap in the data neither counts as wrong nor forgives", () => {
  const wrong = (minute: number) => at(minute, 31, 35, 40);
  const gap = at(3, null, null, null, { problem: "no traffic", n: 0 });
  expect(after(ceiling, [wrong(1), wrong(2), gap, wrong(4)])).toEqual(["at_risk", "at_risk", "unproven", "breached"]);
});

test("a value that wavers around the risk limit does not flap", () => {
  const risk = at(1, 22, 24.5, 26);
  expect(after(ceiling, [risk, at(2, 22, 23.8, 26), at(3, 21, 23.3, 25)])).toEqual(["at_risk", "at_risk", "met"]);
});

test("an endpoint that does not answer is at risk at once, and breached when the time lost exceeds the budget", () => {
  const clause = {
    ...ceiling,
    metric: "success_ratio",
    direction: "at_least",
    unit: "ratio",
    target: 0.99,
    atRisk: 0.995,
  } as const;
  const silent = { problem: "no traffic", n: 0, outage: { reason: "unavailable: refused", exhausted: false } };
  expect(clauseState(clause, at(1, null, null, null, silent), null)).toMatchObject({
    state: "at_risk",
    reason: /unavailable/,
  });
  const lost = { ...silent, outage: { ...silent.outage, exhausted: true } };
  expect(
    after(
      clause,
      [1, 2, 3].map((minute) => at(minute, 0.999, 1, 1, lost)),
    ).at(-1),
  ).toBe("breached");
});

test("never met with an end of the interval beyond the target, and never breached with one on the good side", () => {
  const numbers = fc.array(fc.double({ min: 1, max: 60, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(numbers, { minLength: 1, maxLength: 12 }), (series) => {
      let previous: Previous | null = null;
      series.forEach((ends, minute) => {
        const [low = 0, value = 0, high = 0] = [...ends].sort((a, b) => a - b);
        const verdict: Previous = clauseState(ceiling, at(minute, low, value, high), previous);
        if (verdict.state === "met") expect(high).toBeLessThanOrEqual(ceiling.target);
        if (verdict.state === "breached" && previous?.state !== "breached") expect(low).toBeGreaterThan(ceiling.target);
        previous = verdict;
      });
    }),
  );
});
