import { expect, test } from "vitest";
import { TokenBucket } from "./rate-limit";

test("lets a burst through, then the rate", () => {
  const bucket = new TokenBucket({ requestsPerSecond: 10, burst: 3 }, 0);
  expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([0, 0, 0, 1]);
  expect([100, 100].map((now) => bucket.take(now))).toEqual([0, 1]);
});

test("says after how many seconds another try makes sense", () => {
  const bucket = new TokenBucket({ requestsPerSecond: 0.25, burst: 1 }, 0);
  expect([bucket.take(0), bucket.take(1000)]).toEqual([0, 3]);
  expect(bucket.take(4000)).toBe(0);
});

test("a clock that goes back takes nothing away", () => {
  const bucket = new TokenBucket({ requestsPerSecond: 1, burst: 2 }, 10_000);
  expect([bucket.take(10_000), bucket.take(5_000), bucket.take(5_000)]).toEqual([0, 0, 1]);
});

test("a changed ceiling gives no fresh burst", () => {
  const bucket = new TokenBucket({ requestsPerSecond: 1, burst: 1 }, 0);
  bucket.take(0);
  bucket.change({ requestsPerSecond: 1, burst: 100 });
  expect(bucket.take(0)).toBe(1);
});
