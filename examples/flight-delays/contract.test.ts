import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { contractDocument } from "@/lib/contracts/document";
import { validateDocument } from "@/lib/contracts/validate-document";
import { isEvaluated } from "@/lib/governance/quality-gate";
import { datasetPin, evaluation, modelSchema } from "@/lib/registry/model-schema";
import { withLatency } from "./contract";
import { FEATURES } from "./features";

const json = (file: string): unknown => JSON.parse(readFileSync(new URL(file, import.meta.url), "utf8"));
const document = contractDocument.parse(json("contract.json"));

describe("the example's contract", () => {
  test("is free of contradictions, so it can be submitted", () => {
    expect(validateDocument(document)).toEqual([]);
  });

  test("names the features that the replay sends, in their order", () => {
    expect(document.interface.features.map((f) => f.name)).toEqual([...FEATURES]);
  });

  test("stays free of contradictions with the numbers proposed for a slower machine", () => {
    for (const measured of [
      { p95: 2, p99: 4 },
      { p95: 30, p99: 80 },
      { p95: 400, p99: 900 },
    ]) {
      const slower = contractDocument.parse(withLatency(document, measured).document);
      expect(validateDocument(slower)).toEqual([]);
    }
  });

  test("keeps its own latency numbers on a machine where they hold", () => {
    expect(withLatency(document, { p95: 2, p99: 6 })).toEqual({ document, changed: [] });
  });
});

describe("versions v1 and v2", () => {
  test.each(["v1", "v2"])("%s can be registered, and its evaluation meets every quality clause", (version) => {
    const schema = modelSchema.parse(json(`models/${version}/model.json`));
    expect(schema.inputs[0]?.features).toEqual([...FEATURES]);
    const { metrics } = evaluation.parse(json(`models/${version}/evaluation.json`));
    for (const clause of document.clauses.filter(isEvaluated)) {
      const rows = JSON.stringify(clause.slice);
      const found = metrics.find((m) => m.metric === clause.metric && JSON.stringify(m.slice) === rows);
      const value = found?.value ?? Number.NaN;
      const slack = clause.direction === "at_least" ? value - clause.target : clause.target - value;
      expect(slack, `${clause.id}: ${value} against ${clause.target}`).toBeGreaterThan(0);
    }
  });

  test("were trained on the pinned file", () => {
    expect(datasetPin.parse(json("models/dataset.json")).uri).toBe("npm:vega-datasets@3.2.1/data/flights-3m.parquet");
  });
});
