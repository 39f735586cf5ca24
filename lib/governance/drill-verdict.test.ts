import { describe, expect, test } from "vitest";
import type { FailureMode } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { BACK_WITHIN_MS, type DrillOutcome, declaredFor, faultsOf } from "./drill-declared";
import type { Fault } from "./drill-report";
import { type DrillRequest, judgeFault } from "./drill-verdict";

const mode: FailureMode = {
  onError: "fallback",
  onTimeout: "previous_revision",
  onOverload: "error",
  fallback: { score: 0.2 },
  breaker: null,
  queueRows: 256,
  perClient: null,
  batching: null,
};
const breaker = { errorRatio: 0.5, slowMs: 100, slowRatio: 0.5, minRequests: 20, windowSeconds: 10, openSeconds: 10 };
const { failureMode: _, ...plain } = exampleDocument(); // deadline 250 ms
const document = { ...plain, failureMode: mode };

const declared = (fault: Fault, of: typeof document | typeof plain = document, hasPrevious = true) =>
  declaredFor(fault, { document: of, hasPrevious });

describe("what is declared", () => {
  test("is the stand-in of the fault's own cause", () => {
    expect(declared("wrong")).toMatchObject({ expected: ["fallback"], words: "the fallback 0.2, flagged" });
    expect(declared("slow").expected).toEqual(["secondary"]);
    expect(declared("hang").expected).toEqual(["secondary"]);
    expect(declared("overload").expected).toEqual(["refused", "secondary"]);
  });

  test("without a previous revision is the fallback, and without that the error", () => {
    expect(declared("slow", document, false).expected).toEqual(["fallback"]);
    const bare = { ...document, failureMode: { ...mode, fallback: null } };
    expect(declared("slow", bare, false)).toMatchObject({
      expected: ["timeout"],
      words: "the previous revision (there is none yet): an error at the deadline (504)",
    });
  });

  test("of a contract without a failure mode are errors", () => {
    expect(declared("wrong", plain).expected).toEqual(["failed"]);
    expect(declared("slow", plain).expected).toEqual(["timeout"]);
    expect(declared("overload", plain).expected).toEqual(["refused", "timeout"]);
  });

  test("with a breaker is also what is declared for overload, and the return takes as long as it is open", () => {
    const found = declared("wrong", { ...document, failureMode: { ...mode, breaker } });
    expect(found.expected).toEqual(["fallback", "refused"]);
    expect(found.words).toBe("the fallback 0.2, flagged; once the breaker is open, a refusal (503)");
    expect(found.backWithinMs).toBe(BACK_WITHIN_MS + 10_000);
  });

  test("speaks of lateness only where there is a deadline", () => {
    expect(faultsOf(document)).toEqual(["wrong", "slow", "hang", "overload", "kill"]);
    const patient = { ...document, serving: { ...document.serving, deadlineMs: null } };
    expect(faultsOf(patient)).toEqual(["wrong", "overload", "kill"]);
  });
});

/** One request every 50 ms from `from` to `to`. */
function requests(from: number, to: number, outcome: DrillOutcome, latencyMs = 5): DrillRequest[] {
  return Array.from({ length: Math.round((to - from) / 50) }, (_each, k) => ({
    at: from + 50 * k,
    latencyMs,
    outcome,
  }));
}

const judge = (fault: Fault, list: readonly DrillRequest[]) =>
  judgeFault({ fault, declared: declared(fault), requests: list, injectedAt: 1000, endedAt: 3000 });

describe("the verdict", () => {
  const good = [...requests(1000, 3000, "fallback"), ...requests(3000, 4000, "model")];

  test("passes when what is declared was seen and the model came back, with times and counts", () => {
    expect(judge("wrong", good)).toEqual({
      fault: "wrong",
      declared: "the fallback 0.2, flagged",
      seen: "of 60 requests 40 fallbacks, 20 by the model; the model back after 0.005 s",
      passed: true,
      times: { injectedAt: 1000, firstStandInMs: 5, recoveredMs: 5 },
      counts: { sent: 60, model: 20, fallback: 40, secondary: 0, refused: 0, failed: 0 },
    });
  });

  test.each<[string, readonly DrillRequest[], string]>([
    [
      "errors come in place of the stand-in",
      [...requests(1000, 3000, "failed"), ...requests(3000, 4000, "model")],
      "not one became the fallback",
    ],
    [
      "wrong answers of the model get out",
      [...requests(1000, 2000, "model"), ...requests(2000, 3000, "fallback"), ...requests(3000, 4000, "model")],
      "20 of 35 requests became something else (an answer of the model)",
    ],
    ["the model does not come back", requests(1000, 6000, "fallback"), "the model did not come back"],
    [
      "it comes back too late",
      [...good.slice(0, 40), ...requests(3000, 20_000, "fallback"), ...requests(20_000, 21_000, "model")],
      "allowed are 15 s",
    ],
    [
      "stand-ins are late",
      [...requests(1000, 3000, "fallback", 900), ...requests(3000, 4000, "model")],
      "35 of 35 stand-ins came after the deadline of 250 ms",
    ],
    ["nothing was asked meanwhile", requests(3000, 4000, "model"), "no request met the fault"],
  ])("fails when %s", (_name, list, words) => {
    const report = judge("wrong", list);
    expect(report.passed).toBe(false);
    expect(report.seen).toContain(words);
  });

  test("forgives a request that was under way when the fault began, and answers just before its end", () => {
    const strays: DrillRequest[] = [
      { at: 1001, latencyMs: 3, outcome: "failed" },
      { at: 2900, latencyMs: 150, outcome: "model" },
    ];
    expect(
      judge("wrong", [...requests(1000, 4000, "fallback").slice(0, 60), ...strays, ...requests(4000, 5000, "model")])
        .passed,
    ).toBe(true);
  });

  test("of a kill asks for the return and that nothing fails after it", () => {
    const killed = (list: readonly DrillRequest[]) =>
      judgeFault({ fault: "kill", declared: declared("kill"), requests: list, injectedAt: 1000, endedAt: 1000 });
    const away = requests(1000, 2500, "failed", 1);
    expect(killed([...away, ...requests(2500, 4000, "model")])).toMatchObject({
      passed: true,
      times: { recoveredMs: 1505 },
    });
    const again = killed([...away, ...requests(2500, 4000, "model"), ...requests(4000, 4200, "failed")]);
    expect(again).toMatchObject({
      passed: false,
      seen: expect.stringContaining("4 requests still failed after it was back"),
    });
    expect(killed(away).passed).toBe(false);
  });
});
