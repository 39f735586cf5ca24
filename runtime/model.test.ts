import { expect, test } from "vitest";
import { needsThread } from "./model";

test("a model leaves the event loop when a full batch takes over a quarter of the deadline, or over 5 ms", () => {
  expect(needsThread(4.9, null)).toBe(false);
  expect(needsThread(5.1, null)).toBe(true);
  expect(needsThread(0.7, 3)).toBe(false);
  expect(needsThread(0.8, 3)).toBe(true);
  expect(needsThread(5.1, 1000)).toBe(true);
});
