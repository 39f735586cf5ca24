import { expect, test } from "vitest";
import { mayBecome, OPEN_STATES, PROMOTION_STATES, type PromotionState } from "./promotion-state";

const next = (from: PromotionState) => PROMOTION_STATES.filter((to) => mayBecome(from, to));

test("what was rejected, withdrawn, failed, superseded or rolled back stays so", () => {
  expect(PROMOTION_STATES.filter((state) => next(state).length === 0)).toEqual([
    "rejected",
    "withdrawn",
    "failed",
    "superseded",
    "rolled_back",
  ]);
});

test("nothing becomes active without having been approved and applied", () => {
  const before = (state: string) =>
    PROMOTION_STATES.filter((from) => PROMOTION_STATES.some((to) => to === state && mayBecome(from, to)));
  expect(before("active")).toEqual(["applying"]);
  expect(before("applying")).toEqual(["approved", "rolling_out"]);
  expect(before("rolling_out")).toEqual(["approved"]);
  expect(before("approved")).toEqual(["in_review"]);
});

test("what is being applied, at once or step by step, cannot be withdrawn any more", () => {
  expect(mayBecome("rolling_out", "withdrawn")).toBe(false);
  expect(mayBecome("applying", "withdrawn")).toBe(false);
});

test("open are exactly the states from which it may still come to serve", () => {
  const mayServe = (state: PromotionState, seen: readonly PromotionState[] = []): boolean =>
    next(state).some((to) => to === "active" || (!seen.includes(to) && mayServe(to, [...seen, to])));
  expect(PROMOTION_STATES.filter((state) => mayServe(state))).toEqual(OPEN_STATES);
});
