import { describe, expect, it } from "vitest";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import type { LoadStep } from "@/lib/serving/load-curve";
import { testCurve, testStep } from "@/lib/serving/test-curve";
import { curveView, marginText } from "./load-curve-view";

const step = (rate: number, p99: number | null, answered = rate): LoadStep =>
  testStep(rate, p99 ?? 0, { achievedPerSecond: answered, ...(p99 === null && { latencyMs: null }) });

const curve = testCurve({
  runId: "run-1",
  hardware: null,
  steps: [step(100, 2), step(400, 12), step(900, 480, 700)],
  knee: { perSecond: 400, reason: "Only 700 of 900 requests/s were answered." },
});

/** The example's contract with a p99 and a ceiling only. */
function promising(p99: number, ceiling: number): ContractDocument {
  const document = exampleDocument();
  return {
    ...document,
    serving: { ...document.serving, target: "local", tier: "cpu" },
    clauses: document.clauses
      .filter(({ metric }) => metric === "p99" || metric === "ceiling")
      .map((clause) => ({ ...clause, target: clause.metric === "p99" ? p99 : ceiling })),
  };
}

describe("the view of a load curve", () => {
  it("stands the signed p99 at the promised ceiling and says that it is kept, by how much", () => {
    const { signed, margins } = curveView(curve, promising(25, 400));
    expect(signed).toEqual([{ label: "p99 ≤ 25 ms, kept", x: 400, y: 25, kept: true }]);
    const p99 = margins.find(({ metric }) => metric === "p99");
    expect(p99 && marginText(p99, 400)).toBe("13\u00a0ms to spare, 52\u00a0% of the promise");
  });

  it("says of a promise that the curve breaks that it is not kept, and by how much", () => {
    const { signed, margins, summary } = curveView(curve, promising(10, 400));
    expect(signed[0]).toMatchObject({ label: "p99 ≤ 10 ms, not kept", kept: false });
    const p99 = margins.find(({ metric }) => metric === "p99");
    expect(p99 && marginText(p99, 100)).toBe("2\u00a0ms too slow");
    expect(summary).toContain("not kept: p99 12 ms at 400 requests/s");
  });

  it("says of the ceiling which rate is the highest that keeps every promise", () => {
    const { margins } = curveView(curve, promising(25, 100));
    const ceiling = margins.find(({ metric }) => metric === "ceiling");
    expect(ceiling && marginText(ceiling, 400)).toBe(
      "held; 400 requests/s is the highest rate that keeps every promise",
    );
    const beyond = curveView(curve, promising(25, 900)).margins.find(({ metric }) => metric === "ceiling");
    expect(beyond && marginText(beyond, 400)).toBe(
      "not held; 400 requests/s is the highest rate that keeps every promise",
    );
    expect(ceiling && marginText(ceiling, null)).toBe("held; no measured rate keeps every promise");
  });

  it("closes every rate beyond the last one that was held, and shades up to the measured latency before it", () => {
    expect(curveView(curve, null).floor).toEqual([
      { x: 100, y: 2 },
      { x: 400, y: 12 },
      { x: 900, y: Number.POSITIVE_INFINITY },
    ]);
  });

  it("draws an attested curve dashed and lets it close nothing: nobody here measured it", () => {
    const attested = { ...curve, kind: "attested" as const, tool: "k6" };
    const alone = curveView(attested, null);
    expect(alone.floor).toEqual([]);
    expect(alone.series.every(({ dashed, name }) => dashed && name.endsWith("attested"))).toBe(true);
    const beside = curveView(curve, null, [attested]);
    expect(beside.series.map(({ name, dashed }) => [name, dashed])).toEqual([
      ["p99", false],
      ["p95", false],
      ["p50", false],
      ["p99 k6, attested", true],
    ]);
    expect(beside.floor).toHaveLength(3);
  });

  it("names the knee on the drawing and its reason in words", () => {
    const { marks, summary } = curveView(curve, null);
    expect(marks).toEqual([{ x: 400, label: "knee 400/s" }]);
    expect(summary).toContain("Only 700 of 900 requests/s were answered.");
  });

  it("says nothing of a promise for another tier", () => {
    const document = promising(25, 400);
    const { signed } = curveView(curve, { ...document, serving: { ...document.serving, tier: "gpu" } });
    expect(signed[0]).toMatchObject({ kept: null, label: "p99 ≤ 25 ms, not shown" });
  });
});
