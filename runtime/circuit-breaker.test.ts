import fc from "fast-check";
import { expect, test } from "vitest";
import { type BreakerConfig, CircuitBreaker, type Verdict } from "./circuit-breaker";

const CONFIG: BreakerConfig = {
  errorRatio: 0.5,
  slowMs: 50,
  slowRatio: 0.8,
  minRequests: 10,
  windowMs: 1000,
  openMs: 500,
};

function feed(breaker: CircuitBreaker, verdicts: Verdict[], at: number): void {
  for (const verdict of verdicts) breaker.record(breaker.begin(), verdict, at);
}
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

test("opens at the ratio of failed requests, and not before the least number of them", () => {
  const breaker = new CircuitBreaker(CONFIG, 0);
  feed(breaker, times(9, "failed"), 0);
  expect(breaker.state(0)).toBe("closed");
  feed(breaker, ["ok"], 0);
  expect(breaker.state(0)).toBe("open");
  expect(breaker.admits(0)).toBe(false);

  const half = new CircuitBreaker(CONFIG, 0);
  feed(half, [...times(6, "ok" as const), ...times(5, "failed" as const)], 0);
  expect(half.state(0)).toBe("closed"); // 5 of 11
  feed(half, ["failed"], 0);
  expect(half.state(0)).toBe("open"); // 6 of 12
});

test("opens at the ratio of slow requests", () => {
  const breaker = new CircuitBreaker(CONFIG, 0);
  feed(breaker, [...times(2, "ok" as const), ...times(7, "slow" as const)], 0);
  expect(breaker.state(0)).toBe("closed");
  feed(breaker, ["slow"], 0);
  expect(breaker.state(0)).toBe("open");
});

test("what left the window counts no more", () => {
  const breaker = new CircuitBreaker(CONFIG, 0);
  feed(breaker, times(9, "failed"), 0);
  feed(breaker, times(5, "failed"), 1000);
  expect(breaker.state(1000)).toBe("closed");
  feed(breaker, times(5, "failed"), 1900);
  expect(breaker.state(1900)).toBe("open");
});

test("after a while lets three trials through, closes when all go well and opens when one does not", () => {
  const breaker = new CircuitBreaker(CONFIG, 0);
  feed(breaker, times(10, "failed"), 0);
  expect(breaker.admits(499)).toBe(false);
  expect(breaker.admits(500)).toBe(true);
  expect(breaker.state(500)).toBe("half_open");
  const trials = times(3, 0).map(() => breaker.begin());
  expect(breaker.admits(500)).toBe(false);
  breaker.record(trials[0] ?? -1, "ok", 510);
  breaker.record(trials[1] ?? -1, "slow", 510);
  expect(breaker.state(510)).toBe("open");
  expect(breaker.admits(1009)).toBe(false);
  expect(breaker.admits(1010)).toBe(true);
  feed(breaker, times(3, "ok"), 1020);
  expect(breaker.state(1020)).toBe("closed");
});

test("a verdict on a request from before the breaker opened decides no trial", () => {
  const breaker = new CircuitBreaker(CONFIG, 0);
  const old = times(3, 0).map(() => breaker.begin());
  feed(breaker, times(10, "failed"), 0);
  expect(breaker.admits(500)).toBe(true);
  for (const ticket of old) breaker.record(ticket, "ok", 500);
  expect(breaker.state(500)).toBe("half_open");
});

test("trials that never come back do not hold it half open for ever", () => {
  const breaker = new CircuitBreaker(CONFIG, 0);
  feed(breaker, times(10, "failed"), 0);
  breaker.admits(500);
  for (let k = 0; k < 3; k++) breaker.begin();
  expect(breaker.admits(999)).toBe(false);
  expect(breaker.admits(1000)).toBe(true);
});

type Seen = { now: number; before: string; admits: boolean; verdict: Verdict; after: string };

function play(steps: { waitMs: number; verdict: Verdict }[]): Seen[] {
  const breaker = new CircuitBreaker(CONFIG, 0);
  let now = 0;
  return steps.map(({ waitMs, verdict }) => {
    now += waitMs;
    const before = breaker.state(now);
    const admits = breaker.admits(now);
    if (admits) breaker.record(breaker.begin(), verdict, now);
    return { now, before, admits, verdict, after: breaker.state(now) };
  });
}

test("in any sequence: open admits nothing for openMs, only a bad verdict on a trial or a full count opens it, only a good trial closes it", () => {
  const verdict = fc.constantFrom<Verdict>("ok", "slow", "failed");
  const step = fc.record({ waitMs: fc.integer({ min: 0, max: 400 }), verdict });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const seen = play(steps);
      const opened = seen.filter(({ before, after }) => before !== "open" && after === "open");
      const closed = seen.filter(({ before, after }) => before !== "closed" && after === "closed");
      expect(opened.every(({ before, verdict }) => before === "closed" || verdict !== "ok")).toBe(true);
      expect(closed.every(({ before, verdict }) => before === "half_open" && verdict === "ok")).toBe(true);
      expect(
        seen.every(({ before, admits }) => (before === "closed") <= admits && (before === "open") <= !admits),
      ).toBe(true);
      for (const { now } of opened) {
        const soon = seen.filter((later) => later.now > now && later.now < now + CONFIG.openMs);
        expect(soon.some(({ admits }) => admits)).toBe(false);
      }
    }),
  );
});

test("requests that all go well never open it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 300 }), (waits) => {
      const breaker = new CircuitBreaker(CONFIG, 0);
      let now = 0;
      for (const wait of waits) {
        now += wait;
        expect(breaker.admits(now)).toBe(true);
        breaker.record(breaker.begin(), "ok", now);
      }
    }),
  );
});
