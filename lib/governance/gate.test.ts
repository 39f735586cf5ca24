import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Clause } from "@/lib/contracts/document";
import { exampleDocument, rolledOutDocument } from "@/lib/contracts/test-document";
import type { Evaluation, ModelSchema } from "@/lib/registry/model-schema";
import { slowCurve, testCurve } from "@/lib/serving/test-curve";
import type { DrillReport } from "./drill-report";
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
      { id: "e4", kind: "load_curve", digest: DIGEST, payload: testCurve() },
    ],
    endpoint: { name: "e", target: "local", tier: "cpu" },
    incumbent: { model: "m", number: 1, digest: "b".repeat(64), evaluation: report(0.74, 0.003) },
    spec: { leaves: [], cannot: [] },
    clusterCannot: [],
    runs: [],
    failureModeDigest: DIGEST,
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
  [
    "cluster that lacks a part",
    { clusterCannot: [{ clause: "serving", reason: "the cluster has no KServe", fix: "install it" }] },
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

test("a clause of a slice is judged by the evaluation of that slice alone", () => {
  const slice = { feature: "hour", from: 17 };
  const whole = document.clauses.find(({ metric }) => metric === "auc") as Clause;
  const evening = { ...whole, id: "auc_evening", slice };
  const [metric] = report(0.75).metrics;
  if (!metric) throw new Error("no metric");
  const both = (value: number) => ({ ...report(0.75), metrics: [metric, { ...metric, value, slice }] });
  expect(meetsClause(evening, both(0.5)).status).toBe("fail");
  expect(meetsClause(evening, both(0.76)).status).toBe("pass");
  expect(meetsClause(whole, both(0.5)).status).toBe("pass");
  expect(meetsClause(evening, report(0.75))).toMatchObject({
    status: "fail",
    reasons: [expect.stringContaining("hour")],
  });
});

test("what only serving can show asks nothing of the evaluation", () => {
  const whole = document.clauses.find(({ metric }) => metric === "auc") as Clause;
  const coverage = { ...whole, id: "label_coverage", metric: "label_coverage", unit: "ratio" } as Clause;
  const of = facts();
  const clauses = [...document.clauses, coverage];
  const gates = evaluateGate({ ...of, contract: { ...of.contract, document: { ...document, clauses } } });
  expect(gates.filter(({ clause }) => clause === "label_coverage")).toEqual([]);
});

test("a rollout that could never leave its golden set shuts the gate; without one that serves there is none", () => {
  const [of, { rollout }] = [facts(), rolledOutDocument()];
  const there = {
    endpoint: { ...of.endpoint, target: "kubernetes" },
    contract: {
      ...of.contract,
      document: { ...document, rollout, serving: { ...document.serving, target: "kubernetes" as const } },
    },
  };
  const statusOf = (change: Partial<GateFacts>) =>
    evaluateGate(facts(change)).find(({ gate }) => gate === "serving_target")?.status;
  expect(statusOf(there)).toBe("fail");
  expect(statusOf({ ...there, incumbent: null })).toBe("pass");
  expect(statusOf({ contract: { ...of.contract, document: { ...document, rollout } } })).toBe("pass");
});

describe("the load curve", () => {
  const withCurve = (payload: unknown, change: Partial<GateFacts> = {}) =>
    evaluateGate(
      facts({
        evidence: [...facts().evidence.slice(0, 3), { id: "e4", kind: "load_curve", digest: DIGEST, payload }],
        ...change,
      }),
    ).find(({ gate }) => gate === "load_curve");

  test("passes in words with the numbers, and names the row it read", () => {
    expect(withCurve(testCurve())).toMatchObject({ status: "pass", evidence: ["e4"] });
    expect(withCurve(testCurve())?.reasons).toContain(
      "p99 4 ms at 200 requests/s; promised ≤ 25 ms at 200 requests/s.",
    );
  });

  test("fails where it shows that a promise cannot be kept, and says only which", () => {
    const item = withCurve(slowCurve());
    expect(item?.status).toBe("fail");
    expect(item?.reasons.join(" ")).toContain("p99 75 ms at 97 requests/s");
    expect(item?.reasons.join(" ")).toContain("promised ≤ 25 ms at 200 requests/s");
  });

  test.each<[string, unknown]>([
    ["of another digest", testCurve({ versionDigest: "c".repeat(64) })],
    ["attested by somebody", testCurve({ kind: "attested" })],
    ["below the ceiling only", testCurve({ steps: testCurve().steps.slice(0, 2) })],
    ["of another target", testCurve({ target: "kubernetes" })],
    ["no curve at all", {}],
  ])("that is %s is missing, which lets a request in and blocks an approval", (_, payload) => {
    expect(withCurve(payload)).toMatchObject({ status: "missing" });
  });

  test("says where a run is when none is there", () => {
    const reasons = (state: string) =>
      withCurve(null, { runs: [{ kind: "load", state, reason: "The copy cannot be loaded." }] })?.reasons.join(" ");
    expect(reasons("queued")).toContain("queued");
    expect(reasons("running")).toContain("running");
    expect(reasons("failed")).toContain("The copy cannot be loaded.");
  });

  test("of a cluster is a report that somebody attests, which is said; one measured here counts for nothing there", () => {
    const there = { ...document, serving: { ...document.serving, target: "kubernetes" as const } };
    const curveOf = (payload: unknown) => {
      const kinds = ["load_curve", "load_curve_attested"];
      const rows = kinds.map((kind, i) => ({
        id: `e${i + 4}`,
        kind,
        digest: DIGEST,
        payload: i === 0 ? testCurve() : payload,
      }));
      const evidence = [...facts().evidence.slice(0, 3), ...rows];
      const gates = evaluateGate(facts({ contract: { ...facts().contract, document: there }, evidence }));
      return gates.find(({ gate }) => gate === "load_curve");
    };
    const attested = testCurve({ kind: "attested", tool: "k6", runId: "night-7", target: "kubernetes" });
    expect(curveOf(attested)).toMatchObject({ status: "pass", evidence: ["e5"] });
    expect(curveOf(attested)?.reasons.join(" ")).toContain(
      "Attested by a report of k6 (run night-7): not measured here.",
    );
    expect(curveOf(testCurve())).toMatchObject({ status: "missing" });
    expect(curveOf(testCurve())?.reasons.join(" ")).toContain("npx proviso evidence import");
  });

  test("is not asked for by a contract that promises neither latency nor rate", () => {
    const clauses = document.clauses.filter(({ kind }) => kind === "quality");
    const contract = { ...facts().contract, document: { ...document, clauses } };
    expect(
      evaluateGate(facts({ contract, evidence: facts().evidence.slice(0, 3) })).map(({ gate }) => gate),
    ).not.toContain("load_curve");
  });
});

describe("the drill", () => {
  const report: DrillReport = {
    versionDigest: DIGEST,
    contractDigest: null,
    failureModeDigest: DIGEST,
    hardware: { cpu: "test", cores: 1, memoryBytes: 1, os: "Linux" },
    faults: [
      {
        fault: "kill",
        declared: "back within 10 s",
        seen: "back after 12 s",
        passed: false,
        times: { injectedAt: 0, firstStandInMs: null, recoveredMs: 12_000 },
        counts: { sent: 1, model: 1, fallback: 0, secondary: 0, refused: 0, failed: 0 },
      },
    ],
    passed: true,
    startedAt: "2026-11-01T00:00:00.000Z",
    endedAt: "2026-11-01T00:00:20.000Z",
  };
  const [template] = document.clauses;
  const drillClause: Clause[] = template
    ? [{ ...template, id: "drill", kind: "failure_mode", metric: "drill_age" }]
    : [];
  const contract = { ...facts().contract, document: { ...document, clauses: [...document.clauses, ...drillClause] } };
  const withDrill = (payload?: DrillReport) => {
    const row = payload ? [{ id: "e5", kind: "drill", digest: DIGEST, payload }] : [];
    return evaluateGate(facts({ contract, evidence: [...facts().evidence, ...row] })).find(
      ({ gate }) => gate === "drill",
    );
  };

  test("is asked for where a clause promises one, of this version and failure mode, and passed", () => {
    expect(evaluateGate(facts()).some(({ gate }) => gate === "drill")).toBe(false);
    expect(withDrill()).toMatchObject({ status: "missing", clause: "drill" });
    expect(withDrill(report)).toMatchObject({ status: "pass", evidence: ["e5"] });
    expect(withDrill({ ...report, versionDigest: "b".repeat(64) })).toMatchObject({ status: "missing" });
    expect(withDrill({ ...report, failureModeDigest: "b".repeat(64) })).toMatchObject({ status: "missing" });
  });

  test("that did not show what is declared fails in its words", () => {
    expect(withDrill({ ...report, passed: false })).toMatchObject({
      status: "fail",
      reasons: ["kill: declared back within 10 s; seen back after 12 s."],
    });
  });
});
