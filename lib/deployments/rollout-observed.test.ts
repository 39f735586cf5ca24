import { expect, test } from "vitest";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { judgeGolden } from "./golden-set";
import { canaryOf } from "./rollout-observed";

const NOW = 1_000_000;
const at = new Date(NOW - 1000);
const wish = { generation: 4, candidate: "x-r2", share: { percent: 10, shadow: false } };
const canary = { revision: "x-r2", state: "ready", reason: null, percent: 10, shadow: false } as const;
const status: EndpointStatus = {
  ...{ name: "x", generation: 4, state: "ready", reason: null, url: null, pid: 1, serving: "x-r1", warm: null },
  ...{ refused: null, canary, restarts: 0, mode: "inline", eventsDropped: 0, spoolBytes: 0 },
};
const of = (change: Partial<EndpointStatus>) => canaryOf(wish, { status: { ...status, ...change }, at }, NOW);

test("a candidate is ready only when the target does exactly what is wanted, at this generation, by a fresh reading", () => {
  expect(of({})).toEqual({ kind: "ready" });
  expect(of({ generation: 3 }).kind).toBe("waiting");
  expect(of({ canary: null }).kind).toBe("waiting");
  expect(of({ canary: { ...canary, revision: "x-r1" } }).kind).toBe("waiting");
  expect(of({ canary: { ...canary, state: "loading", percent: 0 } }).kind).toBe("waiting");
  expect(of({ canary: { ...canary, percent: 0 } })).toMatchObject({ reason: "x-r2 gets 0 % and is to get 10 %" });
  expect(of({ canary: { ...canary, shadow: true } }).kind).toBe("waiting");
  expect(canaryOf(wish, { status, at: new Date(NOW - 60_000) }, NOW)).toMatchObject({
    reason: "the target has not been read for 60 s",
  });
  expect(canaryOf(wish, { status: null, at: null }, NOW).kind).toBe("waiting");
});

test("a candidate that the target cannot run has failed, with the target's reason", () => {
  expect(of({ canary: { ...canary, state: "failed", reason: "no memory", percent: 0 } })).toEqual({
    kind: "failed",
    reason: "The target cannot run x-r2: no memory",
  });
});

test("the golden set passes only when every row is answered as the model answers it", () => {
  const same = { expected: 0.25, answered: 0.25 };
  expect(judgeGolden([same, { expected: 0.5, answered: 0.50005 }])).toMatchObject({ passed: true, rows: 2 });
  expect(judgeGolden([same, { expected: 0.5, answered: 0.51 }])).toMatchObject({ passed: false });
  expect(judgeGolden([same, { expected: 0.5, answered: Number.NaN }])).toMatchObject({ passed: false });
  expect(judgeGolden([same, { expected: 0.5, answered: "answered 500" }])).toMatchObject({
    passed: false,
    words: "1 of 2 rows of the golden set are answered differently than by the model itself: answered 500",
  });
  expect(judgeGolden([])).toMatchObject({ passed: false });
});
