import { expect, test } from "vitest";
import { isFinal, isOpen, mayBecome, PROMOTION_STATES } from "./promotion-state";

test("what was rejected, withdrawn, failed or superseded stays so", () => {
  expect(PROMOTION_STATES.filter(isFinal)).toEqual(["rejected", "withdrawn", "failed", "superseded"]);
});

test("nothing becomes active without having been approved and applied", () => {
  const before = (state: string) =>
    PROMOTION_STATES.filter((from) => PROMOTION_STATES.some((to) => to === state && mayBecome(from, to)));
  expect(before("active")).toEqual(["applying"]);
  expect(before("applying")).toEqual(["approved"]);
  expect(before("approved")).toEqual(["in_review"]);
});

test("what is being applied cannot be withdrawn any more", () => {
  expect(mayBecome("applying", "withdrawn")).toBe(false);
});

test("open are exactly the states that the database allows once per endpoint", () => {
  expect(PROMOTION_STATES.filter(isOpen)).toEqual(["in_review", "approved", "applying"]);
});
