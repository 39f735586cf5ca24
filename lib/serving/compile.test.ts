import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proposeClause } from "@/lib/contracts/archetypes";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { exampleDocument } from "@/lib/contracts/test-document";
import { revisionConfig } from "@/lib/inference/desired-state";
import { LOCAL_CAPABILITIES } from "./capabilities";
import { compile, type VersionIdentity } from "./compile";
import { diffSpecs } from "./diff-spec";
import { toRevisionConfig } from "./local-target";

const contract = exampleDocument();
const version: VersionIdentity = {
  model: "flight-delays",
  version: 2,
  modelDigest: "a".repeat(64),
  schema: {
    inputs: [{ name: "features", datatype: "FP32", shape: [-1, 2], features: ["hour", "distance"] }],
    outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 2] }],
  },
  endpoint: "flight-delays",
};
const specOf = (document = contract) => compile(document, version, LOCAL_CAPABILITIES);

const metrics = Object.keys(METRIC_RULES) as (keyof typeof METRIC_RULES)[];
/** Contracts of any clauses, contradictions included: compilation has no opinion. */
const contracts = fc
  .uniqueArray(fc.record({ id: fc.stringMatching(/^[a-z][a-z0-9_]{1,12}$/), metric: fc.constantFrom(...metrics) }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 12,
  })
  .chain((picked) =>
    fc.tuple(
      ...picked.map(({ id, metric }) =>
        fc.double({ min: 0.001, max: 999, noNaN: true }).map((target) => proposeClause(id, metric, target, 64)),
      ),
    ),
  )
  .map((clauses) => ({ ...contract, clauses }));

describe("compilation", () => {
  test("gives the same bytes every time, in whatever order the clauses stand", () => {
    fc.assert(
      fc.property(contracts, fc.infiniteStream(fc.nat()), (document, chance) => {
        const shuffled = document.clauses
          .map((clause) => ({ clause, at: chance.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ clause }) => clause);
        const bytes = JSON.stringify(specOf(document).leaves);
        expect(JSON.stringify(specOf({ ...document, clauses: shuffled }).leaves)).toBe(bytes);
      }),
    );
  });

  test("loses exactly the leaves of a clause that is taken away", () => {
    fc.assert(
      fc.property(contracts, fc.nat(), (document, pick) => {
        const gone = document.clauses[pick % document.clauses.length];
        const without = { ...document, clauses: document.clauses.filter((clause) => clause !== gone) };
        expect(specOf(without).leaves).toEqual(specOf(document).leaves.filter(({ clause }) => clause !== gone?.id));
        expect(specOf(document).leaves.some(({ clause }) => clause === gone?.id)).toBe(true);
      }),
    );
  });

  test("names a clause of the contract, or one of three other origins, on every leaf", () => {
    const origins = new Set(["identity", "interface", "serving", ...contract.clauses.map(({ id }) => id)]);
    expect(specOf().leaves.filter(({ clause }) => !origins.has(clause))).toEqual([]);
  });

  test("without a version says everything but its identity", () => {
    const plan = compile(contract, null, LOCAL_CAPABILITIES);
    expect(plan.leaves).toEqual(specOf().leaves.filter(({ clause }) => clause !== "identity"));
  });
});

describe("the difference of two specifications", () => {
  test("of an amended clause lists its lines under it and no others", () => {
    const clauses = contract.clauses.map((each) =>
      each.id === "throughput_ceiling" ? { ...each, target: 400 } : each,
    );
    expect(diffSpecs(specOf(), specOf({ ...contract, clauses }))).toEqual([
      {
        clause: "throughput_ceiling",
        changes: [
          { path: "limits.ceiling.burst", before: 200, after: 400 },
          { path: "limits.ceiling.requestsPerSecond", before: 200, after: 400 },
          { path: "rules.throughput_ceiling.target", before: 200, after: 400 },
        ],
      },
    ]);
  });
  test("is empty between equal ones", () => expect(diffSpecs(specOf(), specOf())).toEqual([]));
});

describe("what the local target cannot do", () => {
  const cannot = (document: typeof contract, to: VersionIdentity | null = null) =>
    compile(document, to, LOCAL_CAPABILITIES).cannot.map(({ clause }) => clause);
  test("is nothing for a contract from an archetype", () => expect(cannot(contract, version)).toEqual([]));
  test("names the clause without a probe", () => {
    const clauses = contract.clauses.map((each) =>
      each.id === "freshness" ? { ...each, probe: "none" as const } : each,
    );
    expect(compile({ ...contract, clauses }, null, LOCAL_CAPABILITIES).cannot).toEqual([
      {
        clause: "freshness",
        reason: "nothing would measure feature_age_p99: the clause has no probe",
        fix: "name its probe, or leave the clause out",
      },
    ]);
  });
  test("names the clause whose probe the target lacks", () => {
    const spec = compile(contract, null, { ...LOCAL_CAPABILITIES, probes: ["gateway", "synthetic"] });
    expect(spec.cannot.map(({ clause }) => clause)).toEqual(["quality_auc", "freshness"]);
  });
  test("is another target, a missing tier, and more rows than it takes", () => {
    const serving = (change: object) => ({ ...contract, serving: { ...contract.serving, ...change } });
    expect(cannot(serving({ target: "kubernetes" }))).toEqual(["serving"]);
    expect(cannot(serving({ tier: "gpu" }))).toEqual(["serving"]);
    expect(compile(serving({ maxRows: 65 }), null, { ...LOCAL_CAPABILITIES, maxRows: 64 }).cannot).toHaveLength(1);
  });
  test("is a category, and a tensor of a type that it does not take", () => {
    const features = [{ name: "origin", type: "category" as const, categories: ["JFK"] }];
    expect(cannot({ ...contract, interface: { ...contract.interface, features } })).toEqual(["interface"]);
    const inputs = [{ name: "features", datatype: "INT64" as const, shape: [-1, 2] }];
    expect(cannot(contract, { ...version, schema: { ...version.schema, inputs } })).toEqual(["identity"]);
  });
});

describe("the local runtime is told", () => {
  const identity = {
    revision: "flight-delays-r1",
    modelVersion: "2",
    contractDigest: "b".repeat(64),
    modelDigest: version.modelDigest,
    schema: version.schema,
  };
  test("the ceiling, deadline, rows and score of the contract, in its own words", () => {
    const config = toRevisionConfig(specOf(), identity);
    expect(revisionConfig.parse(config)).toEqual(config);
    expect(config).toMatchObject({
      ceiling: { requestsPerSecond: 200, burst: 200 },
      deadlineMs: 250,
      maxRows: 64,
      featureTime: "required",
      score: { output: "probabilities", index: 1, threshold: 0.5 },
      latencyBoundsMs: [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500],
    });
  });
  test("no ceiling and no deadline where none is signed", () => {
    const clauses = contract.clauses.filter(({ kind }) => kind !== "throughput");
    const document = { ...contract, clauses, serving: { ...contract.serving, deadlineMs: null } };
    expect(toRevisionConfig(specOf(document), identity)).toMatchObject({ ceiling: null, deadlineMs: null });
  });
  test("every signed latency target as a bound, however many there are", () => {
    const targets = Array.from({ length: 40 }, (_, index) => 3 + index * 7);
    const clauses = targets.map((target, index) => proposeClause(`latency_${index}`, "p99", target, 64));
    const { latencyBoundsMs } = toRevisionConfig(specOf({ ...contract, clauses }), identity);
    expect(latencyBoundsMs).toEqual(targets);
  });
  test("nothing, when the specification lacks a value", () => {
    expect(() => toRevisionConfig({ leaves: [], cannot: [] }, identity)).toThrow("interface.output.name");
  });
});
