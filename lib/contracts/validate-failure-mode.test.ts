import { describe, expect, test } from "vitest";
import type { ContractDocument, FailureMode } from "./document";
import { EXAMPLE_FAILURE_MODE, fullDocument } from "./test-document";
import { validateDocument } from "./validate-document";

const full = fullDocument();

function problems(change: Partial<FailureMode>, serving: Partial<ContractDocument["serving"]> = {}) {
  const document = {
    ...full,
    serving: { ...full.serving, ...serving },
    failureMode: { ...EXAMPLE_FAILURE_MODE, ...change },
  };
  return Object.fromEntries(validateDocument(document).map(({ path, message }) => [path, message]));
}

const { breaker } = EXAMPLE_FAILURE_MODE;
if (!breaker) throw new Error("the example has a breaker");

describe("a failure mode is taken", () => {
  test("with every part", () => expect(problems({})).toEqual({}));
  test("with errors only", () =>
    expect(
      problems({
        onError: "error",
        onTimeout: "error",
        onOverload: "error",
        fallback: null,
        breaker: null,
        batching: null,
        perClient: null,
      }),
    ).toEqual({}));
  test("with the previous revision and no fixed response", () => {
    const mode = { onError: "previous_revision", onTimeout: "previous_revision", onOverload: "error" } as const;
    expect(problems({ ...mode, fallback: null })).toEqual({});
  });
});

describe("a failure mode is refused, at its field and in words, with", () => {
  test("a fixed response that is chosen and not given", () => {
    expect(problems({ onError: "fallback", fallback: null })).toEqual({
      "failureMode.onError": expect.stringContaining("give its probability"),
      "failureMode.onTimeout": expect.stringContaining("give its probability"),
      "failureMode.onOverload": expect.stringContaining("give its probability"),
    });
  });
  test("a stand-in for timeouts without a deadline", () => {
    expect(problems({}, { deadlineMs: null })).toEqual({
      "failureMode.onTimeout": expect.stringContaining("serving.deadlineMs"),
    });
    expect(problems({ onTimeout: "error" }, { deadlineMs: null })).toEqual({});
  });
  test("a queue that the largest request does not fit into", () => {
    expect(problems({ queueRows: 63 })).toEqual({
      "failureMode.queueRows": "a request of 64 rows is allowed and would never fit into a queue of 63",
    });
    expect(problems({ queueRows: 64 })).toEqual({});
  });
  test("a delay of batches that eats the latency that is promised", () => {
    expect(problems({ batching: { maxRows: 32, maxDelayMs: 10 } })).toEqual({
      "failureMode.batching.maxDelayMs":
        "waiting up to 10 ms for a batch leaves no time within the 10 ms of latency_p95",
    });
    expect(problems({ batching: { maxRows: 32, maxDelayMs: 9 } })).toEqual({});
  });
  test("a delay of batches that eats the deadline", () => {
    const document = {
      ...full,
      clauses: full.clauses.filter(({ kind }) => kind !== "latency"),
      failureMode: { ...EXAMPLE_FAILURE_MODE, batching: { maxRows: 32, maxDelayMs: 250 } },
    };
    expect(validateDocument(document)).toEqual([
      { path: "failureMode.batching.maxDelayMs", message: expect.stringContaining("the 250 ms of the deadline") },
    ]);
  });
  test("batches that never fill", () => {
    expect(problems({ queueRows: 64, batching: { maxRows: 65, maxDelayMs: 1 } })).toEqual({
      "failureMode.batching.maxRows": expect.stringContaining("at most 64 rows may wait"),
    });
  });
  test("a breaker that calls slow what the deadline ends or what a promise allows", () => {
    expect(problems({ breaker: { ...breaker, slowMs: 251 } })).toEqual({
      "failureMode.breaker.slowMs": expect.stringContaining("the deadline ends it after 250 ms"),
    });
    expect(problems({ breaker: { ...breaker, slowMs: 24 } })).toEqual({
      "failureMode.breaker.slowMs": expect.stringContaining("keeps latency_p99 (25 ms)"),
    });
    expect(problems({ breaker: { ...breaker, slowMs: 25 } })).toEqual({});
  });
  test("a breaker that never sees enough requests to open", () => {
    expect(problems({ breaker: { ...breaker, minRequests: 2001 } })).toEqual({
      "failureMode.breaker.minRequests": expect.stringContaining("at most 2000 requests come within 10 s"),
    });
    expect(problems({ breaker: { ...breaker, minRequests: 2000 } })).toEqual({});
  });
});
