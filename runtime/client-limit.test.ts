import { expect, test } from "vitest";
import { ClientLimit } from "./client-limit";

const LIMIT = { requestsPerSecond: 10, burst: 2 };
const takes = (limit: ClientLimit, client: string, n: number, now: number) =>
  Array.from({ length: n }, () => limit.take(client, now));

test("each client has a bucket of its own", () => {
  const limit = new ClientLimit(LIMIT);
  expect(takes(limit, "a", 3, 0)).toEqual([0, 0, 1]);
  expect(takes(limit, "b", 3, 0)).toEqual([0, 0, 1]);
  expect(limit.take("a", 100)).toBe(0);
});

test("many clients take bounded memory, and one that is over its limit stays so while others come", () => {
  const limit = new ClientLimit(LIMIT, 100);
  for (let k = 0; k < 10_000; k++) {
    limit.take(`idle-${k}`, k * 100); // full again before the next comes
    expect(limit.size).toBeLessThanOrEqual(100);
    if (k >= 9_000) limit.take("busy", k * 100);
  }
  expect(takes(limit, "busy", 3, 9_999 * 100)).not.toEqual([0, 0, 1]);
});

test("clients that are all busy give way to new ones, the oldest first", () => {
  const limit = new ClientLimit(LIMIT, 10);
  for (let k = 0; k < 11; k++) takes(limit, `client-${k}`, 3, 0);
  expect(limit.size).toBeLessThanOrEqual(10);
  expect(limit.take("client-10", 0)).toBe(1);
  expect(limit.take("client-0", 0)).toBe(0);
});

test("a changed limit gives no fresh burst", () => {
  const limit = new ClientLimit(LIMIT);
  takes(limit, "a", 2, 0);
  limit.change({ requestsPerSecond: 10, burst: 50 });
  expect(limit.take("a", 0)).toBe(1);
});
