import { expect, test } from "vitest";
import { budgetWords, lasted, mayBeWhy, offsetOf, worstRevision } from "./incident-numbers";

const BEGAN = "2026-11-24T10:00:00.000Z";

test("an alert that goes on has no length yet", () => {
  expect(lasted({ startedAt: BEGAN, resolvedAt: null })).toBeNull();
  expect(lasted({ startedAt: BEGAN, resolvedAt: "2026-11-24T10:12:00.000Z" })).toBe("12\u00a0min");
});

test("a change is placed against the beginning of the alert", () => {
  expect(offsetOf("2026-11-24T09:48:00.000Z", BEGAN)).toBe("12\u00a0min before it began");
  expect(offsetOf("2026-11-24T10:03:00.000Z", BEGAN)).toBe("3\u00a0min after it began");
  expect(offsetOf(BEGAN, BEGAN)).toBe("as it began");
});

test("only what changed in the hour before may be why", () => {
  expect(mayBeWhy("2026-11-24T09:01:00.000Z", BEGAN)).toBe(true);
  expect(mayBeWhy("2026-11-24T08:59:00.000Z", BEGAN)).toBe(false);
  expect(mayBeWhy("2026-11-24T10:01:00.000Z", BEGAN)).toBe(false);
});

const share = (revision: string, errorRatio: number | null) => ({
  ...{ revision, model: null, version: null, requests: 10, errors: 0, p99: null, errorRatio },
});

test("a revision stands out only beside another that fails less", () => {
  expect(worstRevision([share("r1", 0.01), share("r2", 0.2)])).toBe("r2");
  expect(worstRevision([share("r1", 0), share("r2", 0)])).toBeNull();
  expect(worstRevision([share("r1", 0.2), share("r2", 0.2)])).toBeNull();
  expect(worstRevision([share("r2", 0.2)])).toBeNull();
  expect(worstRevision([share("r1", null), share("r2", 0.2)])).toBe("r2");
});

test("what is left of a budget is never less than nothing; what was spent is known only when it is over", () => {
  const firing = { state: "firing", budgetSpent: null, promise: {} } as const;
  expect(budgetWords({ ...firing, annotations: { budget_left: "-6.85 %" } }).value).toBe("none left");
  expect(budgetWords({ ...firing, annotations: { budget_left: "40 %" } })).toEqual({
    ...{ value: "40 %", note: "left when it began" },
  });
  expect(budgetWords({ ...firing, annotations: {} }).note).toBe("counted when it is over");
  expect(budgetWords({ state: "resolved", budgetSpent: 0.12, annotations: {}, promise: {} }).value).toBe("12\u00a0%");
  expect(budgetWords({ ...firing, promise: null, annotations: {} }).note).toBe("about no clause");
});
