import { describe, expect, it } from "vitest";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { testCurve, testStep } from "@/lib/serving/test-curve";
import { feasibleRange } from "./feasible-range";

const step = (rate: number, p99: number, answered = rate) => testStep(rate, p99, { achievedPerSecond: answered });
const curve = testCurve({
  runId: "run-1",
  hardware: null,
  steps: [step(100, 2), step(400, 12), step(900, 480, 700)],
  knee: { perSecond: 400, reason: "" },
});

function promising(p99: number, ceiling: number): ContractDocument {
  const document = exampleDocument();
  return {
    ...document,
    clauses: document.clauses
      .filter(({ metric }) => metric === "p99" || metric === "ceiling")
      .map((clause) => ({ ...clause, target: clause.metric === "p99" ? p99 : ceiling })),
  };
}
const of = (document: ContractDocument, metric: string) =>
  feasibleRange(document, document.clauses.find((each) => each.metric === metric)?.id ?? "", curve);

describe("what a curve leaves of the values that can be typed", () => {
  it("rules out latencies below the measured one at the promised ceiling", () => {
    expect(of(promising(10, 400), "p99")).toMatchObject({ verdict: "infeasible", side: "below", bound: 12 });
    expect(of(promising(25, 400), "p99")).toMatchObject({ verdict: "feasible", side: "below", bound: 12, typed: 25 });
  });

  it("goes by the next measured rate where the ceiling lies between two", () => {
    const range = of(promising(10, 250), "p99");
    expect(range).toMatchObject({ bound: 12, out: true });
    expect(range?.words).toBe("Measured: p99 12\u00a0ms at 400 requests/s, the next measured rate.");
  });

  it("leaves no latency at a rate that was not held, and says so", () => {
    const range = of(promising(1000, 900), "p99");
    expect(range?.bound).toBeNull();
    expect(range?.words).toBe("At 900 requests/s it does not keep up: no latency can be promised there.");
  });

  it("rules out ceilings beyond the highest rate that keeps the latencies", () => {
    // The rate itself is held; with this latency it cannot be promised.
    expect(of(promising(10, 400), "ceiling")).toMatchObject({
      side: "above",
      bound: 100,
      verdict: "feasible",
      out: true,
    });
    expect(of(promising(25, 900), "ceiling")).toMatchObject({ verdict: "infeasible", side: "above", bound: 400 });
    expect(of(promising(1, 400), "ceiling")?.bound).toBeNull();
  });

  it("does not let a slow low rate hide a higher one that keeps every promise: the verdict looks at that one", () => {
    const cold: LoadCurve = { ...curve, steps: [step(50, 40), step(400, 12), step(900, 480, 700)] };
    const document = promising(25, 400);
    const id = document.clauses.find(({ metric }) => metric === "ceiling")?.id ?? "";
    expect(feasibleRange(document, id, cold)).toMatchObject({ verdict: "feasible", bound: 400 });
  });

  it("says nothing of other clauses, nor of rates that were never measured", () => {
    expect(feasibleRange(exampleDocument(), "quality_auc", curve)).toBeNull();
    const short: LoadCurve = { ...curve, steps: [step(100, 2)], knee: null };
    expect(feasibleRange(promising(25, 400), "latency_p99", short)).toBeNull();
  });
});
