import { expect, test } from "vitest";
import { subjectTarget } from "./subject-target";

test.each([
  ["use_case", "flights", "/use-cases/flights", "flights"],
  ["contract", "flights/2", "/use-cases/flights/contract/2", "v2"],
  ["promotion", "7", "/promotions/7", "promotion 7"],
  ["endpoint", "flights", "/endpoints/flights", "flights"],
  ["clause", "flights/latency_p99", "/endpoints/flights", "latency_p99 on flights"],
])("a %s leads to its page", (subjectType, subject, href, label) => {
  expect(subjectTarget({ subjectType, subject })).toEqual({ href, label });
});

test("what has no page leads nowhere", () => {
  expect(subjectTarget({ subjectType: "session", subject: "1" })).toBeNull();
});
