import { expect, test } from "vitest";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { slowCurve, testCurve } from "@/lib/serving/test-curve";
import { type TierAdvice, tierOf } from "@/lib/serving/tier";
import type { TierFacts } from "@/lib/serving/tier-findings";

const NO_PRICES = { core: null, gpu: null };
const PRICES = { core: { perCoreHour: 0.05, currency: "USD" }, gpu: { perGpuHour: 2, currency: "USD" } };
const NEURAL = [{ domain: "", type: "MatMul", count: 12 }];
const TREES = [{ domain: "ai.onnx.ml", type: "TreeEnsembleClassifier", count: 1 }];

/** p95 ≤ 10 ms, p99 ≤ 25 ms up to 200 requests/s, on a target of the caller's. */
function contract(serving: Partial<ContractDocument["serving"]> = {}): ContractDocument {
  const document = exampleDocument();
  return { ...document, serving: { ...document.serving, ...serving } };
}

function facts(curves: readonly LoadCurve[], change: Partial<TierFacts> = {}): TierFacts {
  const model = { opsets: [{ domain: "", version: 17 }], operators: NEURAL, runtime: "onnxruntime 1.30.0" };
  const named = curves.map((curve, index) => ({ id: `curve-${index}`, curve }));
  return { document: contract(), modelBytes: 50_000, model, curves: named, ...change };
}

const of = (advice: TierAdvice, tier: string) => advice.findings.find((each) => each.tier === tier);

test("without a curve of the processor nothing is said, and it says what to measure", () => {
  const advice = tierOf(facts([]), NO_PRICES);
  expect(advice).toMatchObject({
    tier: "unknown",
    toMeasure: ["Measure the load that it bears on the processor, under this contract."],
  });
  expect(of(advice, "cpu")).toMatchObject({
    standing: "unproven",
    reasons: ["No load was measured on the processor."],
  });
});

test("a curve that keeps every promise at the ceiling makes it the processor, and names the evidence", () => {
  const advice = tierOf(facts([testCurve()]), NO_PRICES);
  expect(advice.tier).toBe("cpu");
  expect(of(advice, "cpu")).toMatchObject({ standing: "keeps", evidenceId: "curve-0", replicas: 1 });
  expect(advice.toMeasure).toEqual([]);
});

test("where the processor is too slow at any rate a GPU is left, to be measured", () => {
  const slow = testCurve({
    steps: slowCurve().steps.map((step) => ({ ...step, latencyMs: step.latencyMs && { ...step.latencyMs, p99: 90 } })),
  });
  const advice = tierOf(facts([slow]), NO_PRICES);
  expect(advice).toMatchObject({ tier: "gpu", toMeasure: [expect.stringContaining("--tier gpu")] });
  expect(of(advice, "cpu")?.standing).toBe("breaks");
  expect(of(advice, "gpu")?.reasons.join(" ")).toContain("Operator sets ai.onnx 17");
});

test("trees and linear models run on the processor also where there is a GPU: then no tier is shown to keep it", () => {
  const advice = tierOf(
    facts([slowCurve()], { model: { opsets: [], operators: TREES, runtime: "onnxruntime 1.30.0" } }),
    NO_PRICES,
  );
  expect(advice).toMatchObject({ tier: "unknown", toMeasure: [] });
  expect(of(advice, "gpu")).toMatchObject({
    standing: "breaks",
    reasons: [expect.stringContaining("TreeEnsembleClassifier runs on the processor")],
  });
});

test("in a cluster replicas share the ceiling; the local runtime has one process", () => {
  expect(of(tierOf(facts([slowCurve()]), NO_PRICES), "cpu")?.standing).toBe("breaks");
  const advice = tierOf(facts([slowCurve()], { document: contract({ target: "kubernetes" }) }), NO_PRICES);
  expect(advice.tier).toBe("cpu");
  expect(of(advice, "cpu")).toMatchObject({
    standing: "keeps",
    replicas: 2,
    reasons: [
      expect.stringContaining("One replica keeps every promise at 100 requests/s: 2 of them for the promised 200"),
    ],
  });
});

test("a curve of other settings says nothing, also not of replicas", () => {
  const batching = { maxRows: 32, maxDelayMs: 5 };
  const curve = testCurve({ settings: { batching, queueRows: 4096, threadMode: "inline" } });
  const advice = tierOf(facts([curve], { document: contract({ target: "kubernetes" }) }), NO_PRICES);
  expect(of(advice, "cpu")).toMatchObject({
    standing: "unproven",
    reasons: [expect.any(String), expect.any(String), expect.any(String)],
  });
  expect(advice.tier).toBe("unknown");
});

test("a report that was handed in proves no tier, and may still rule one out", () => {
  const gpu = (curve: LoadCurve) =>
    of(tierOf(facts([slowCurve(), { ...curve, kind: "attested", tier: "gpu" }]), NO_PRICES), "gpu");
  expect(gpu(testCurve())).toMatchObject({
    standing: "unproven",
    evidenceId: "curve-1",
    reasons: [
      expect.stringContaining("nobody here measured it"),
      expect.any(String),
      expect.any(String),
      expect.any(String),
    ],
  });
  expect(gpu(slowCurve())?.standing).toBe("breaks");
});

test("a GPU that was measured is chosen where the processor does not keep the contract", () => {
  const advice = tierOf(facts([slowCurve(), testCurve({ tier: "gpu", target: "kubernetes" })]), NO_PRICES);
  expect(advice.tier).toBe("gpu");
});

test("a contract for devices is for a device unless size, operators or time rule it out", () => {
  const edge = contract({ tier: "edge" });
  expect(tierOf(facts([testCurve()], { document: edge }), NO_PRICES)).toMatchObject({
    tier: "edge",
    toMeasure: [expect.stringContaining("--tier edge")],
  });
  const ruledOut = (change: Partial<TierFacts>) =>
    of(tierOf(facts([testCurve()], { document: edge, ...change }), NO_PRICES), "edge")?.reasons.join(" ");
  expect(ruledOut({ modelBytes: 25_000_000 })).toMatch(/at most 20\sMB/);
  const custom = [{ domain: "com.microsoft", type: "FusedMatMul", count: 1 }];
  expect(ruledOut({ model: { opsets: [], operators: custom, runtime: "x" } })).toContain(
    "com.microsoft is on no device",
  );
  const steps = testCurve().steps.map((step) => ({ ...step, cpuSecondsPer1000: 20 }));
  expect(of(tierOf(facts([testCurve({ steps })], { document: edge }), NO_PRICES), "edge")?.standing).toBe("breaks");
});

test("partitions that hold the model are offered, and one that is too large for every GPU rules the GPU out", () => {
  expect(tierOf(facts([]), NO_PRICES).shapes.map(({ product, profile }) => `${product} ${profile}`)).toContain(
    "H100 80GB 1g.10gb",
  );
  const huge = tierOf(facts([slowCurve()], { modelBytes: 100e9 }), NO_PRICES);
  expect(huge.shapes).toEqual([]);
  expect(of(huge, "gpu")?.standing).toBe("breaks");
});

test("prices are a month of work against a month of the smallest share; without a price in hours only", () => {
  const { prices } = tierOf(facts([testCurve()]), PRICES);
  // 200 requests/s x 0.5 s per 1000 x 730 h = 73 core-hours; a seventh of a GPU for 730 h.
  expect(prices.cpu).toEqual({ cpuCoreHours: 73, money: { amount: "3.65", currency: "USD" } });
  expect(prices.gpu).toMatchObject({ shape: "1 x 1g.5gb", money: { amount: "208.57", currency: "USD" } });
  expect(prices.difference).toEqual({ amount: "204.92", currency: "USD" });
  expect(prices.words).toContain("On a GPU a month costs 204.92 USD more.");
  const hours = tierOf(facts([testCurve()]), { ...PRICES, gpu: null }).prices;
  expect(hours).toMatchObject({ difference: null, words: expect.stringContaining("PRICE_GPU_HOUR is not set") });
  expect(hours.gpu?.gpuHours).toBeCloseTo(730 / 7);
});

test("the stated share of a GPU is priced with its replicas; of one that is shared in time no share is known", () => {
  const placement = (gpu: NonNullable<ContractDocument["serving"]["placement"]>["gpu"]) =>
    contract({ target: "kubernetes", tier: "gpu", placement: { replicas: { min: 2, max: 4 }, zones: 1, gpu } });
  const priced = (document: ContractDocument) => tierOf(facts([testCurve()], { document }), PRICES).prices;
  expect(priced(placement({ kind: "mig", profile: "3g.40gb" })).gpu).toMatchObject({ shape: "2 x 3g.40gb" });
  expect(priced(placement({ kind: "whole", count: 1 })).gpu?.gpuHours).toBe(2 * 730);
  expect(priced(placement({ kind: "time_sliced", accepted: true }))).toMatchObject({
    gpu: null,
    words: expect.stringContaining("how much of a GPU it would get is not known"),
  });
});
