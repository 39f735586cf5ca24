import { expect, test } from "vitest";
import { MAX_AGE_MS, MAX_ATTEMPTS, verdictOf, waitAfter } from "@/lib/monitoring/delivery-rules";

const answered = (status: number, text = "", retryAfterMs: number | null = null) =>
  ({ kind: "answered", status, text, retryAfterMs }) as const;

test("2xx is taken", () => {
  for (const status of [200, 202, 204]) expect(verdictOf(answered(status), 1, 0).state).toBe("delivered");
});

test("what may pass is tried again, later each time, and not before the receiver wants it", () => {
  for (const status of [408, 425, 429, 500, 502, 503]) expect(verdictOf(answered(status), 1, 0).state).toBe("pending");
  expect(verdictOf({ kind: "failed", reason: "connection refused" }, 3, 0)).toMatchObject({
    ...{ state: "pending", error: "connection refused", waitMs: 20_000 },
  });
  expect([1, 2, 3, 30].map((attempts) => waitAfter(attempts, null))).toEqual([5000, 10_000, 20_000, 900_000]);
  expect(waitAfter(1, 60_000)).toBe(60_000);
  expect(waitAfter(1, 86_400_000)).toBe(3_600_000);
});

test("what is refused for good is given up at once, with the receiver's words", () => {
  expect(verdictOf(answered(400, "routing_key\n is  wrong"), 1, 0)).toMatchObject({
    ...{ state: "failed", status: 400, error: "answered 400: routing_key is wrong" },
  });
  expect(verdictOf(answered(302), 1, 0)).toMatchObject({ state: "failed", error: /redirects are not followed/ });
  expect(verdictOf({ kind: "refused", reason: "metadata" }, 1, 0)).toMatchObject({
    state: "failed",
    error: "metadata",
  });
});

test("nothing is tried for ever", () => {
  expect(verdictOf(answered(503), MAX_ATTEMPTS, 0).state).toBe("failed");
  expect(verdictOf(answered(503), 2, MAX_AGE_MS)).toMatchObject({ state: "failed", error: /given up after 2 tries/ });
});
