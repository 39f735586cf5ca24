import { expect, test } from "vitest";
import { failureLines, failureSentence } from "./failure-words";
import { EXAMPLE_FAILURE_MODE } from "./test-document";

const wordsOf = (failureMode?: typeof EXAMPLE_FAILURE_MODE) =>
  Object.fromEntries(failureLines(failureMode ? { failureMode } : {}).map(({ part, words }) => [part, words]));

test("every part of a failure mode has a line with its numbers", () => {
  expect(wordsOf(EXAMPLE_FAILURE_MODE)).toEqual({
    onError: "the previous revision",
    onTimeout: "the fixed response",
    onOverload: "the fixed response",
    fallback: "probability 0.2 for every row, flagged as a fallback",
    breaker:
      "opens for 5\u00a0s when of at least 20 requests in 10\u00a0s 50\u00a0% failed or 80\u00a0% took longer than 100\u00a0ms",
    queueRows: "1,024 rows may wait for the model",
    perClient: "50 requests/s, 100 at once; beyond that 429",
    batching: "up to 32 rows that arrive within 2\u00a0ms",
  });
});

test("a contract without one is what the runtime does then", () => {
  expect(wordsOf()).toMatchObject({ onError: "an error", fallback: "none", breaker: "none", perClient: "none" });
  expect(failureSentence({})).toBe(
    "When the model fails callers get an error, after the deadline an error, under overload an error; 4,096 rows may wait for the model.",
  );
});

test("in a sentence the parts that are there are named", () => {
  expect(failureSentence({ failureMode: EXAMPLE_FAILURE_MODE })).toBe(
    "When the model fails callers get the previous revision, after the deadline the fixed response, under overload the fixed response; " +
      "1,024 rows may wait for the model, a circuit breaker, each client 50 requests/s, 100 at once; beyond that 429, " +
      "batches of up to 32 rows that arrive within 2\u00a0ms.",
  );
});
