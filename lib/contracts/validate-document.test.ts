import { describe, expect, test } from "vitest";
import { proposeClause } from "./archetypes";
import type { Clause, ContractDocument } from "./document";
import { METRIC_RULES } from "./metric-rules";
import { exampleDocument, fullDocument } from "./test-document";
import { validateDocument } from "./validate-document";

const example = exampleDocument();

function withClause(id: string, change: Partial<Clause>): ContractDocument {
  return { ...example, clauses: example.clauses.map((each) => (each.id === id ? { ...each, ...change } : each)) };
}

/** Messages by path. */
function problems(document: ContractDocument): Record<string, string> {
  return Object.fromEntries(validateDocument(document).map(({ path, message }) => [path, message]));
}

describe("a document is free of contradictions when", () => {
  test("it comes from an archetype", () => expect(validateDocument(example)).toEqual([]));
  test("it uses every part that a contract can have", () => expect(validateDocument(fullDocument())).toEqual([]));
  test("it holds a proposed clause of any metric", () => {
    const metrics = Object.keys(METRIC_RULES) as (keyof typeof METRIC_RULES)[];
    const targets = {
      p95: 10,
      p99: 20,
      ceiling: 100,
      log_loss: 0.5,
      feature_age_p99: 60,
      drifted_features: 1,
    } as Record<string, number>;
    const clauses = metrics.map((metric) => proposeClause(`a_${metric}`, metric, targets[metric] ?? 0.8, 64));
    expect(validateDocument({ ...fullDocument(), clauses })).toEqual([]);
  });
});

describe("a document is refused, at its field and in words, with", () => {
  test("p95 above p99", () => {
    expect(problems(withClause("latency_p95", { target: 30, atRisk: 20 }))).toEqual({
      "clauses.0.target": "p95 of 30 ms is above p99 of 25 ms (latency_p99): a higher percentile is never faster",
    });
  });
  test("p95 above p99 only where both speak of the same requests", () => {
    const batches = { target: 30, atRisk: 20, population: { minRows: 2, maxRows: 64 } };
    expect(problems(withClause("latency_p95", batches))).toEqual({});
  });
  test.each([
    ["latency_p99", 26, "at most 25"],
    ["quality_auc", 0.6, "at least 0.7"],
  ])("at risk beyond the target of %s", (id, atRisk, words) => {
    const [[path, message] = ["", ""]] = Object.entries(problems(withClause(id, { atRisk })));
    expect(path).toMatch(/^clauses\.\d\.atRisk$/);
    expect(message).toContain(words);
  });
  test("freshness without feature time", () => {
    const document = { ...example, interface: { ...example.interface, featureTime: "none" as const } };
    expect(problems(document)["clauses.5.probe"]).toContain("interface.featureTime");
  });
  test("one clause id twice", () => {
    expect(problems(withClause("latency_p99", { id: "latency_p95" }))["clauses.1.id"]).toContain("used twice");
  });
  test("one metric promised twice for the same requests", () => {
    const twin = { ...proposeClause("another", "p99", 40, 64) };
    expect(problems({ ...example, clauses: [...example.clauses, twin] })).toEqual({
      "clauses.6.metric": "latency_p99 already promises p99 for the same requests",
    });
  });
  test("two ceilings", () => {
    const second = { ...proposeClause("second", "ceiling", 40, 64), population: { minRows: 2, maxRows: 8 } };
    expect(problems({ ...example, clauses: [...example.clauses, second] })).toHaveProperty(["clauses.6.metric"]);
  });
  test.each<[string, Partial<Clause>, string]>([
    ["a metric of another kind", { kind: "availability" }, "clauses.1.metric"],
    ["the wrong direction", { direction: "at_least", atRisk: 25 }, "clauses.1.direction"],
    ["the wrong unit", { unit: "s" }, "clauses.1.unit"],
    ["a probe that does not see it", { probe: "ground_truth" }, "clauses.1.probe"],
    ["the wrong clock", { clock: "event" }, "clauses.1.clock"],
    ["a label delay without labels", { labelDelaySeconds: 60 }, "clauses.1.labelDelaySeconds"],
    ["windows with gaps between them", { windowSeconds: 60, cadenceSeconds: 120 }, "clauses.1.cadenceSeconds"],
    ["a negative target", { target: -1, atRisk: -2 }, "clauses.1.target"],
    ["an empty population", { population: { minRows: 3, maxRows: 2 } }, "clauses.1.population.minRows"],
    ["requests that are refused", { population: { minRows: 65, maxRows: 70 } }, "clauses.1.population.minRows"],
  ])("%s", (_name, change, path) => {
    expect(problems(withClause("latency_p99", change))).toHaveProperty([path]);
  });
  test.each([
    ["quality_auc", 1.5],
    ["quality_auc", 0.5],
    ["availability", 1],
    ["availability", 99.9],
  ])("%s of %d", (id, target) => {
    const found = validateDocument(withClause(id, { target, atRisk: target }));
    expect(found.some(({ path }) => path.endsWith(".target"))).toBe(true);
  });
  test("a deadline that cuts off what latency allows", () => {
    expect(problems({ ...example, serving: { ...example.serving, deadlineMs: 20 } })).toEqual({
      "serving.deadlineMs": "a deadline of 20 ms cuts requests off before the 25 ms that latency_p99 allows",
    });
  });
  test("features that are named twice, or do not fit their type", () => {
    const features = [
      { name: "a", type: "number" as const },
      { name: "a", type: "category" as const },
      { name: "b", type: "integer" as const, categories: ["x"] },
      { name: "c", type: "category" as const, categories: ["x"], min: 0 },
    ];
    expect(Object.keys(problems({ ...example, interface: { ...example.interface, features } }))).toEqual([
      "interface.features.1.name",
      "interface.features.1.categories",
      "interface.features.2.categories",
      "interface.features.3.min",
    ]);
  });
});
