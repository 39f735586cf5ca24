import fc from "fast-check";
import { expect, test } from "vitest";
import { patienceOf } from "./deadline";

test("without anything that stands in, the model has until the deadline", () => {
  const patience = { modelMs: 40, standInMs: 40 };
  expect(patienceOf(40, { isHeld: false, hasFallback: false, previousMs: null })).toEqual(patience);
  expect(patienceOf(40, { isHeld: true, hasFallback: false, previousMs: null })).toEqual(patience);
});

test("the fallback leaves a tenth and a millisecond before the deadline, at most twenty", () => {
  const held = { isHeld: true, hasFallback: true, previousMs: null };
  expect(patienceOf(20, held)).toEqual({ modelMs: 17, standInMs: 17 });
  expect(patienceOf(1000, held)).toEqual({ modelMs: 980, standInMs: 980 });
});

test("the previous revision gets three full batches, and the fallback comes after it", () => {
  expect(patienceOf(100, { isHeld: true, hasFallback: true, previousMs: 4 })).toEqual({ modelMs: 77, standInMs: 89 });
  expect(patienceOf(100, { isHeld: true, hasFallback: false, previousMs: 0.1 })).toEqual({
    modelMs: 86,
    standInMs: 100,
  });
});

test("there is always some time for the model, and what stands in is never after the deadline", () => {
  const previousMs = fc.option(fc.double({ min: 0, max: 1e4, noNaN: true }));
  const deadline = fc.double({ min: 0.5, max: 600_000, noNaN: true });
  fc.assert(
    fc.property(deadline, fc.boolean(), fc.boolean(), previousMs, (deadlineMs, isHeld, hasFallback, previous) => {
      const { modelMs, standInMs } = patienceOf(deadlineMs, { isHeld, hasFallback, previousMs: previous });
      expect(modelMs).toBeGreaterThan(0);
      expect(standInMs).toBeLessThanOrEqual(deadlineMs);
      if (isHeld) expect(modelMs).toBeLessThanOrEqual(standInMs);
    }),
  );
});

test("no deadline: both may take for ever", () => {
  const { POSITIVE_INFINITY: forever } = Number;
  const patience = patienceOf(null, { isHeld: true, hasFallback: true, previousMs: 1 });
  expect(patience).toEqual({ modelMs: forever, standInMs: forever });
});
