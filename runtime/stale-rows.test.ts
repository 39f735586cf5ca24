import { expect, test } from "vitest";
import { staleRows } from "./stale-rows";

const request = { rows: 3, receivedAt: 1_000_000, eventTime: null, featureTime: null };

test("a row is stale when its features are older than the limit at its event, not a millisecond before", () => {
  const eventTime = 500_000;
  const featureTime = Float64Array.of(400_000, 399_999, 450_000);
  expect(staleRows({ ...request, eventTime, featureTime }, 100_000)).toEqual([1]);
});

test("without an event time the age is that at receipt, and without a feature time there is none", () => {
  expect(staleRows({ ...request, featureTime: 1 }, 100_000)).toEqual([0, 1, 2]);
  expect(staleRows({ ...request, eventTime: 5_000_000 }, 100_000)).toEqual([]);
});

test("an event time far ahead is cut back as in the log", () => {
  const ahead = { ...request, rows: 1, eventTime: 9_000_000, featureTime: 1_000_000 };
  expect(staleRows(ahead, 60_000)).toEqual([]);
  expect(staleRows(ahead, 59_999)).toEqual([0]);
});
