import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clause } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import type { Evaluation, ModelSchema } from "@/lib/registry/model-schema";
import { evaluateGate, type GateFacts } from "./gate";
import { isOpenGate } from "./gate-item";
import { interfaceProblems } from "./interface-fit";
import { meetsClause, notWorse } from "./quality-gate";

const document = exampleDocument();
const DIGEST = "a".repeat(64);
const schema: ModelSchema = {
  inputs: [{ name: "features", datatype: "FP32", shape: [-1, 2], features: ["hour", "distance"] }],
  outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 2] }],
};

function report(value: number, half?: number, metric = "auc"): Evaluation {
  const interval = half === undefined ? {} : { low: value - half, high: value + half };
  return {
    metrics: [{ metric, value, n: 20_000, ...interval }],
    dataset: "held out",
    window: { from: "2001-03-01T00:00:00Z", to: "2001-03-16T00:00:00Z" },
  };
}

/** Facts under which everything passes. */
function facts(change: Partial<GateFacts> = {}): GateFacts {
  return {
    contract: { number: 1, digest: DIGEST, state: "signed", document, inForce: false },
    version: { model: "m", number: 2, state: "ready", stateReason: null, digest: DIGEST, schema },
    evidence: [
      { id: "e1", kind: "verification", digest: DIGEST, payload: { versionDigest: DIGEST } },
      { id: "e2", kind: "evaluation", digest: DIGEST, payload: report(0.75, 0.003) },
      { id: "e3", kind: "reference_sample", digest: DIGEST, payload: {} },
    ],
    endpoint: { name: "e", target: "local", tier: "cpu" },
    incumbent: { model: "m", number: 1, digest: "b".repeat(64), evaluation: report(0.74, 0.003) },
    spec: { leaves: [], cannot: [] },
    ...change,
  };
}

const failing = (of: GateFacts) => evaluateGate(of).filter(({ status }) => status !== "pass");

test("passes when contract, digest, interface, quality, sample and target are all in order", () => {
  expect(isOpenGate(evaluateGate(facts()))).toBe(true);
});

test.each<[string, Partial<GateFacts>, string, string]>([
  ["contract that is not signed", { contract: { ...facts().contract, state: "submitted" } }, "contract", "fail"],
  ["version that is not verified yet", { version: { ...facts().version, state: "pending" } }, "digest", "missing"],
  ["version that failed", { version: { ...facts().version, state: "failed" } }, "digest", "fail"],
  [
    "target that cannot hold a clause",
    { spec: { leaves: [], cannot: [{ clause: "x", reason: "r", fix: "f" }] } },
    "serving_target",
    "fail",
  ],
  ["endpoint of another tier", { endpoint: { name: "e", target: "local", tier: "gpu" } }, "serving_target", "fail"],
])("a %s shuts exactly its own gate", (_what, change, gate, status) => {
  expect(failing(facts(change))).toMatchObject([{ gate, status }]);
});

test.each(["verification", "evaluation", "reference_sample"])(
  "without %s evidence the gate is missing, never passed",
  (kind) => {
    const items = failing(facts({ evidence: facts().evidence.filter((row) => row.kind !== kind) }));
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ status }) => status === "missing")).toBe(true);
  },
);

test("a verification of other bytes than the version's fails", () => {
  const evidence = facts().evidence.map((row) =>
    row.kind === "verification" ? { ...row, payload: { versionDigest: "c".repeat(64) } } : row,
  );
  expect(failing(facts({ evidence }))).toMatchObject([{ gate: "digest", status: "fail" }]);
});

const auc = document.clauses.find(({ metric }) => metric === "auc") as Clause;
const ece: Clause = {
  ...auc,
  id: "ece",
  metric: "calibration_error",
  direction: "at_most",
  target: 0.025,
  atRisk: 0.02,
};

test("a candidate that is better is never worse, in either direction", () => {
  const value = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.boolean(), (a, b, withInterval) => {
      const half = withInterval ? 0.01 : undefined;
      for (const [clause, metric] of [
        [auc, "auc"],
        [ece, "calibration_error"],
      ] as const) {
        const forward = notWorse(clause, report(a, half, metric), report(b, half, metric)).status;
        const backward = notWorse(clause, report(b, half, metric), report(a, half, metric)).status;
        expect([forward, backward]).toContain("pass");
      }
    }),
  );
});

test("worse passes only where the intervals overlap", () => {
  expect(notWorse(auc, report(0.745, 0.003), report(0.75, 0.003)).status).toBe("pass");
  expect(notWorse(auc, report(0.735, 0.003), report(0.75, 0.003)).status).toBe("fail");
});

test("without an interval, worse passes only inside the signed at-risk band", () => {
  const of = (value: number) => report(value, undefined, "calibration_error");
  expect(notWorse(ece, of(0.0107), of(0.0094)).status).toBe("pass");
  expect(notWorse(ece, of(0.0155), of(0.0094)).status).toBe("fail");
});

test("a metric that the evaluation does not report, or on too few rows, fails the clause", () => {
  expect(meetsClause(auc, report(0.9, 0.01, "accuracy")).status).toBe("fail");
  const few = report(0.9);
  expect(meetsClause(auc, { ...few, metrics: few.metrics.map((each) => ({ ...each, n: 10 })) }).status).toBe("fail");
  expect(meetsClause(auc, report(auc.target)).status).toBe("pass");
  expect(meetsClause(auc, report(auc.target - 1e-9)).status).toBe("fail");
});

test("features must have the same names in the same order", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(names, names, (contract, model) => {
      const wanted = { ...document.interface, features: contract.map((name) => ({ name, type: "number" as const })) };
      const offered = {
        ...schema,
        inputs: [{ name: "x", datatype: "FP32" as const, shape: [-1, 2], features: model }],
      };
      const same = JSON.stringify(contract) === JSON.stringify(model);
      expect(interfaceProblems(wanted, offered).length === 0).toBe(same);
    }),
  );
});

test("the output must exist and have the column that the contract reads", () => {
  const at = (name: string, index: number) => ({ ...document.interface, output: { name, index, threshold: 0.5 } });
  expect(interfaceProblems(at("probabilities", 1), schema)).toEqual([]);
  expect(interfaceProblems(at("probabilities", 2), schema)[0]).toContain("has 2 columns");
  expect(interfaceProblems(at("score", 0), schema)[0]).toContain("has no output score");
});
