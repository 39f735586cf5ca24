import { afterAll, expect, test } from "vitest";
import { HangMemory, hangLimitMs } from "./hang";
import { TestHost } from "./test-host";

const failure = {
  onError: "fallback",
  onTimeout: "fallback",
  onOverload: "fallback",
  fallbackScore: 0.5,
  breaker: null,
  queueRows: 100,
  perClient: null,
  batching: null,
} as const;
const host = new TestHost();
afterAll(() => host.close());
const config = host.revision("hangs-r1", { features: 1 }, { deadlineMs: 400, failure });
const model = {
  mode: "thread",
  isIsolated: false,
  batchMs: 1,
  fault: null,
  run: () => Promise.reject(),
  close: async () => {},
} as const;

test("a run is lost after twenty deadlines or five seconds, and later after each hang before it", () => {
  expect(hangLimitMs({ config, model }, 0)).toBe(8000);
  expect(hangLimitMs({ config: { ...config, deadlineMs: 50 }, model }, 0)).toBe(5000);
  expect(hangLimitMs({ config, model }, 3)).toBe(64_000);
  expect(hangLimitMs({ config, model }, 100)).toBe(256_000);
});

test("never without a thread, a deadline and a declared failure mode", () => {
  const { failure: _, ...undeclared } = config;
  expect(hangLimitMs({ config: undeclared, model }, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(hangLimitMs({ config: { ...config, deadlineMs: null }, model }, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(hangLimitMs({ config, model: { ...model, mode: "inline" } }, 0)).toBe(Number.POSITIVE_INFINITY);
});

test("hangs are forgotten after ten minutes without one", () => {
  const memory = new HangMemory();
  memory.add(0);
  memory.add(500_000);
  expect(memory.count(1_100_000)).toBe(2);
  expect(memory.count(1_100_001)).toBe(0);
  memory.add(2_000_000);
  expect(memory.count(2_000_000)).toBe(1);
});
