import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { feasibilityOf, roundUp } from "./alternatives";
import { curveMisfit, highestRate, loadClauses, marginsOf, verdictOf } from "./feasibility";
import type { LoadStep } from "./load-curve";
import { slowCurve, testCurve, testStep } from "./test-curve";

const document = exampleDocument(); // p95 <= 10 ms, p99 <= 25 ms, ceiling 200 requests/s

function withTarget(id: string, target: number, of: ContractDocument = document): ContractDocument {
  return { ...of, clauses: of.clauses.map((each) => (each.id === id ? { ...each, target } : each)) };
}

const without = (kind: string): ContractDocument => ({
  ...document,
  clauses: document.clauses.filter((each) => each.kind !== kind),
});

const verdictAt = (of: ContractDocument, curve = testCurve()) => verdictOf(marginsOf(of, curve));

describe("the verdict", () => {
  test("is feasible, with the margin of each clause at the ceiling, where every one holds", () => {
    const found = feasibilityOf(document, testCurve(), null);
    expect(found).toMatchObject({ verdict: "feasible", alternatives: [], priceNote: null });
    expect(found.clauses).toMatchObject([
      { clause: "latency_p95", atPerSecond: 200, measured: 2, margin: 8 },
      { clause: "latency_p99", atPerSecond: 200, measured: 4, margin: 21 },
      { clause: "throughput_ceiling", atPerSecond: 200, measured: 200 },
    ]);
  });

  test("is infeasible in words with the numbers where one does not", () => {
    const found = feasibilityOf(document, slowCurve(), null);
    expect(found.verdict).toBe("infeasible");
    expect(found.words).toContain("p99 75 ms at 97 requests/s (200 requests/s asked)");
    expect(found.words).toContain("promised ≤ 25 ms at 200 requests/s.");
  });

  test("between two measured rates is that of the next higher one", () => {
    const curve = testCurve({ steps: [testStep(100, 1), testStep(300, 60)] });
    expect(marginsOf(document, curve)[1]).toMatchObject({ atPerSecond: 300, verdict: "infeasible" });
  });

  test("is unknown beyond the highest measured rate, unless a lower one breaks the promise already", () => {
    expect(verdictAt(document, testCurve({ steps: [testStep(25, 1), testStep(100, 2)] }))).toBe("unknown");
    expect(verdictAt(document, testCurve({ steps: [testStep(25, 1), testStep(100, 60)] }))).toBe("infeasible");
  });

  test("without a ceiling is that of the lowest rate", () => {
    expect(marginsOf(without("throughput"), slowCurve())[1]).toMatchObject({ atPerSecond: 25, verdict: "feasible" });
  });

  test("counts requests without an answer of the model against latency and rate", () => {
    const lossy = testStep(200, 4, { rejected: 5 }); // 5 of 400
    expect(verdictAt(document, testCurve({ steps: [lossy] }))).toBe("infeasible");
    const nearly = testStep(200, 4, { rejected: 4 });
    expect(verdictAt(document, testCurve({ steps: [nearly] }))).toBe("feasible");
  });

  test("says nothing of requests of other sizes, other places or other batching", () => {
    const batch = {
      ...document,
      clauses: document.clauses.map((each) => ({ ...each, population: { minRows: 2, maxRows: 64 } })),
    };
    expect(marginsOf(batch, testCurve()).map(({ verdict }) => verdict)).toEqual(["unknown", "unknown", "feasible"]);
    expect(verdictAt({ ...document, serving: { ...document.serving, tier: "gpu" } })).toBe("unknown");
    const settings = { batching: { maxRows: 32, maxDelayMs: 5 }, queueRows: 10, threadMode: null };
    expect(curveMisfit(document, testCurve({ settings }))).toContain("32 rows and 5 ms");
    expect(curveMisfit(document, testCurve({ settings, kind: "attested" }))).toBeNull();
  });

  test("of a contract without latency and rate is that there is nothing to measure", () => {
    const neither = { ...document, clauses: document.clauses.filter(({ kind }) => kind === "quality") };
    expect(feasibilityOf(neither, testCurve(), null)).toMatchObject({ verdict: "unknown", clauses: [] });
  });
});

describe("alternatives", () => {
  test("lead with what the curve shows to hold, and end with what cannot be had here", () => {
    const { alternatives } = feasibilityOf(document, slowCurve(), null);
    expect(alternatives.map(({ kind, standing }) => [kind, standing])).toEqual([
      ["lower_ceiling", "shown"],
      ["batching", "unmeasured"],
      ["replicas", "impossible"],
      ["tier", "impossible"],
    ]);
  });

  test("a larger latency is the measured one with room, and only offered where the rate is held", () => {
    const curve = testCurve({ steps: [testStep(100, 8), testStep(200, 42)] });
    const [first] = feasibilityOf(document, curve, null).alternatives;
    expect(first).toMatchObject({ kind: "larger_latency", standing: "shown" });
    expect(first?.changes).toEqual([
      { clause: "latency_p95", target: 30 },
      { clause: "latency_p99", target: 60 },
    ]);
    expect(feasibilityOf(document, slowCurve(), null).alternatives.map(({ kind }) => kind)).not.toContain(
      "larger_latency",
    );
  });

  test("what is said to hold does hold: with its numbers the contract is feasible", () => {
    for (const curve of [slowCurve(), testCurve({ steps: [testStep(100, 8), testStep(200, 42)] })]) {
      const shown = feasibilityOf(document, curve, null).alternatives.filter(({ standing }) => standing === "shown");
      expect(shown.length).toBeGreaterThan(0);
      for (const { changes } of shown) {
        const changed = changes.reduce((at, { clause, target }) => withTarget(clause, target, at), document);
        expect(verdictAt(changed, curve)).toBe("feasible");
      }
    }
  });

  test("a lower ceiling is the highest measured rate up to which everything holds", () => {
    expect(highestRate(loadClauses(document), slowCurve())?.offeredPerSecond).toBe(100); // its p95 is 10 ms, exactly the promise
  });

  test("have a price in core-hours, in money where there is a price book, and say so where there is none", () => {
    const lower = (price: { perCoreHour: number; currency: string } | null) => {
      const found = feasibilityOf(document, slowCurve(), price);
      return { note: found.priceNote, price: found.alternatives[0]?.price };
    };
    expect(lower(null)).toMatchObject({ note: expect.stringContaining("No price book"), price: { money: null } });
    const priced = lower({ perCoreHour: 0.04, currency: "USD" });
    expect(priced.note).toBeNull();
    expect(priced.price?.cpuCoreHours).toBeCloseTo((100 * 9 * 730) / 1000); // 0.9 cores
    expect(priced.price?.money).toEqual({ amount: "26.28", currency: "USD" }); // 657 core-hours
  });
});

const steps = fc
  .array(
    fc.record({
      rate: fc.integer({ min: 1, max: 500 }),
      p99: fc.double({ min: 0.1, max: 200, noNaN: true }),
      lost: fc.integer({ min: 0, max: 20 }),
    }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((list): LoadStep[] =>
    list
      .map(({ rate, p99, lost }) => testStep(rate, p99, { errors: Math.min(lost, 2 * rate) }))
      .sort((a, b) => a.offeredPerSecond - b.offeredPerSecond),
  );
const p99 = fc.double({ min: 0.1, max: 300, noNaN: true });

test("a feasible contract stays feasible with a larger p99, and an infeasible one stays so with a smaller", () => {
  fc.assert(
    fc.property(steps, p99, p99, fc.integer({ min: 1, max: 500 }), (list, a, b, ceiling) => {
      const curve = testCurve({ steps: list });
      const at = (target: number) =>
        verdictAt(withTarget("throughput_ceiling", ceiling, withTarget("latency_p99", target)), curve);
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      if (at(small) === "feasible") expect(at(large)).toBe("feasible");
      if (at(large) === "infeasible") expect(at(small)).toBe("infeasible");
    }),
  );
});

test("numbers are rounded up to one that people say", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e5, noNaN: true }), (value) => {
      const rounded = roundUp(value);
      expect(rounded).toBeGreaterThanOrEqual(value * (1 - 1e-6));
      expect(rounded).toBeLessThanOrEqual(value * 1.5001);
    }),
  );
});
