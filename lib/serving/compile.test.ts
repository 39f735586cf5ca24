import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftFrom, proposeClause } from "@/lib/contracts/archetypes";
import { contractDocument } from "@/lib/contracts/document";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { EXAMPLE_FAILURE_MODE, exampleDocument, fullDocument } from "@/lib/contracts/test-document";
import { revisionConfig } from "@/lib/inference/desired-state";
import { capabilitiesFor, LOCAL_CAPABILITIES } from "./capabilities";
import { compile, type VersionIdentity } from "./compile";
import { diffSpecs } from "./diff-spec";
import { toRevisionConfig } from "./local-target";
import { EMPTY_CLUSTER, FULL_CLUSTER } from "./test-clusters";

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

const full = fullDocument();
const onCluster = contractDocument.parse({
  ...full,
  serving: {
    ...full.serving,
    target: "kubernetes",
    tier: "gpu",
    placement: { replicas: { min: 2, max: 6 }, zones: 3, gpu: { kind: "mig", profile: "1g.10gb" } },
  },
  rollout: {
    shadow: true,
    steps: [{ percent: 10, minSeconds: 60, minSamples: 100 }],
    comparison: { slowShare: 0.01, failedShare: 0.001, predictionShift: 0.05 },
  },
});

const metrics = Object.keys(METRIC_RULES) as (keyof typeof METRIC_RULES)[];
/** Options of clauses: on any metric, whether they fit or not. */
const options = fc.record(
  {
    slice: fc.constantFrom(...full.clauses.flatMap(({ slice }) => slice ?? [])),
    drift: fc.constantFrom(...full.clauses.flatMap(({ drift }) => drift ?? [])),
    fallbacks: fc.constantFrom("failure" as const, "answer" as const),
    onStale: fc.constantFrom("answer" as const, "flag" as const, "fallback" as const),
  },
  { requiredKeys: [] },
);
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
        fc
          .tuple(fc.double({ min: 0.001, max: 999, noNaN: true }), options)
          .map(([target, option]) => ({ ...proposeClause(id, metric, target, 64), ...option })),
      ),
    ),
  )
  .chain((clauses) => fc.constantFrom(contract, full).map((document) => ({ ...document, clauses })));

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

  test("names a clause of the contract, or one of five other origins, on every leaf", () => {
    const others = ["identity", "interface", "serving", "failureMode", "rollout"];
    const origins = new Set([...others, ...full.clauses.map(({ id }) => id)]);
    expect(specOf(full).leaves.filter(({ clause }) => !origins.has(clause))).toEqual([]);
  });

  test("loses exactly the failure mode's leaves with the failure mode", () => {
    const { failureMode: _, ...without } = full;
    expect(specOf(without).leaves).toEqual(specOf(full).leaves.filter(({ clause }) => clause !== "failureMode"));
    expect(specOf(full).leaves.filter(({ clause }) => clause === "failureMode")).toHaveLength(15);
  });

  test("of a placement and a rollout gives their lines, and loses exactly those with them", () => {
    const { placement: _, ...serving } = onCluster.serving;
    const { rollout: __, ...document } = onCluster;
    const bare = specOf({ ...document, serving }).leaves;
    const added = specOf(onCluster).leaves.filter((leaf) => !bare.some(({ path }) => path === leaf.path));
    expect(added.map(({ path, value, clause }) => `${path} = ${value} (${clause})`)).toEqual([
      "placement.gpu.kind = mig (serving)",
      "placement.gpu.profile = 1g.10gb (serving)",
      "placement.replicas.max = 6 (serving)",
      "placement.replicas.min = 2 (serving)",
      "placement.zones = 3 (serving)",
      "rollout.comparison.failedShare = 0.001 (rollout)",
      "rollout.comparison.predictionShift = 0.05 (rollout)",
      "rollout.comparison.slowShare = 0.01 (rollout)",
      "rollout.shadow = true (rollout)",
      "rollout.steps.0.minSamples = 100 (rollout)",
      "rollout.steps.0.minSeconds = 60 (rollout)",
      "rollout.steps.0.percent = 10 (rollout)",
    ]);
    const paths = new Set(added.map(({ path }) => path));
    expect(specOf(onCluster).leaves.filter(({ path }) => !paths.has(path))).toEqual(bare);
  });

  test("gives a contract of before the bytes of before", async () => {
    const file = await readFile(new URL("contract-of-before.json", import.meta.url), "utf8");
    const document = contractDocument.parse(JSON.parse(file));
    const bytes = JSON.stringify(compile(document, null, LOCAL_CAPABILITIES));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(
      "1c04305fa99a76c71ab349e241e1e591014577e1a5a31a0c99577b9a6f634509",
    );
  });

  test("without a version says everything but its identity", () => {
    const plan = compile(contract, null, LOCAL_CAPABILITIES);
    expect(plan.leaves).toEqual(specOf().leaves.filter(({ clause }) => clause !== "identity"));
  });
});

test("the options of a clause are lines of its rule", () => {
  const values = new Map(specOf(full).leaves.map(({ path, value }) => [path, value]));
  expect(values.get("rules.availability.fallbacks")).toBe("answer");
  expect(values.get("rules.quality_f1_short.slice.to")).toBe(500);
  expect(values.get("rules.quality_f1_night.slice.values")).toEqual([0, 1, 2]);
  expect(values.get("rules.drift_features.drift.limits.distance")).toBe(0.2);
  expect(values.get("rules.drift_features.drift.correction")).toBe("bonferroni");
});

test("a count of drifted features that states no test is compiled with the default one", () => {
  const clause = proposeClause("drift_features", "drifted_features", 1, 64);
  const leaves = specOf({ ...contract, clauses: [clause] }).leaves.filter(({ path }) => path.includes(".drift."));
  expect(Object.fromEntries(leaves.map(({ path, value }) => [path.split(".").at(-1), value]))).toEqual({
    limits: "learned",
    floor: 0.05,
    factor: 1.25,
    alpha: 0.05,
    correction: "benjamini_hochberg",
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
  test("is nothing for a contract from an archetype, and for one with every part", () => {
    const { purpose, interface: shape } = contract;
    const draft = draftFrom("real-time-decision", { purpose, interface: shape, numbers: {} });
    expect(cannot(draft, version)).toEqual([]);
    expect(cannot(full, version)).toEqual([]);
  });
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

describe("the target of a contract", () => {
  const cannotOn = (clusters: Parameters<typeof capabilitiesFor>[1], document = onCluster) =>
    compile(document, null, capabilitiesFor(document.serving.target, clusters)).cannot;
  test("can be a cluster only where one is registered, and then with everything that it has", () => {
    expect(cannotOn([])).toEqual([
      {
        clause: "serving",
        reason: "the target kubernetes is not set up here",
        fix: "choose the target local, or register a cluster",
      },
    ]);
    expect(cannotOn([FULL_CLUSTER])).toEqual([]);
    expect(cannotOn([EMPTY_CLUSTER, FULL_CLUSTER])).toEqual([]);
  });
  test("has no GPU tier, and no probes, where nothing gives them", () => {
    const found = cannotOn([EMPTY_CLUSTER]);
    expect(found[0]).toEqual({ clause: "serving", reason: "the target kubernetes has no gpu tier", fix: "choose cpu" });
    expect(found.slice(1).map(({ clause }) => clause)).toEqual(
      onCluster.clauses.filter(({ probe }) => probe !== "drill").map(({ id }) => id),
    );
  });
  test("is local as before, clusters or not", () => {
    expect(capabilitiesFor("local", [FULL_CLUSTER])).toBe(LOCAL_CAPABILITIES);
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
  test("nothing of failure modes, stale rows, features and baselines by a contract that does not speak of them", () => {
    const config = toRevisionConfig(specOf(), { ...identity, baseline: null });
    expect(Object.keys(config).filter((key) => /failure|stale|features|baseline/.test(key))).toEqual([]);
  });
  test("what answers when the model cannot, in milliseconds", () => {
    const { fallback, breaker, ...same } = EXAMPLE_FAILURE_MODE;
    const config = toRevisionConfig(specOf(full), identity);
    expect(revisionConfig.parse(config)).toEqual(config);
    expect(config.failure).toEqual({
      ...same,
      fallbackScore: fallback?.score,
      breaker: { errorRatio: 0.5, slowMs: 100, slowRatio: 0.8, minRequests: 20, windowMs: 10_000, openMs: 5000 },
    });
  });
  test("nothing, when the specification lacks a part of the failure mode", () => {
    const leaves = specOf(full).leaves.filter(({ path }) => path !== "failure.queueRows");
    expect(() => toRevisionConfig({ leaves, cannot: [] }, identity)).toThrow("failure.queueRows");
  });
  test("of a failure mode without breaker, buckets, batches and fixed response that there are none", () => {
    const none = { fallback: null, breaker: null, perClient: null, batching: null };
    const failureMode = { ...EXAMPLE_FAILURE_MODE, ...none };
    const { failure } = toRevisionConfig(specOf({ ...full, failureMode }), identity);
    expect(failure).toMatchObject({ fallbackScore: null, breaker: null, perClient: null, batching: null });
  });
  test("what happens to stale rows, unless they are just answered", () => {
    const stale = (onStale: "answer" | "flag" | "fallback") => {
      const clauses = full.clauses.map((each) => (each.kind === "freshness" ? { ...each, onStale } : each));
      return toRevisionConfig(specOf({ ...full, clauses }), identity).stale;
    };
    expect(stale("flag")).toEqual({ afterMs: 900_000, action: "flag" });
    expect(stale("fallback")).toEqual({ afterMs: 900_000, action: "fallback" });
    expect(stale("answer")).toBeUndefined();
  });
  const declared = [
    { name: "hour", type: "integer", min: 0, max: 23, missing: "refused" },
    { name: "distance", type: "number", min: 0, max: null, missing: "allowed" },
  ];
  test("the declaration of every feature, where the contract says of one whether it may be missing", () => {
    expect(toRevisionConfig(specOf(full), identity).features).toEqual(declared);
  });
  test("the declaration of every feature for a clause that counts what breaks it, and for no other", () => {
    const plain = { ...full, interface: contract.interface };
    const range = proposeClause("range", "out_of_range_ratio", 0.01, 64);
    expect(toRevisionConfig(specOf(plain), identity).features).toBeUndefined();
    expect(toRevisionConfig(specOf({ ...plain, clauses: [...plain.clauses, range] }), identity).features).toEqual(
      declared.map((each) => ({ ...each, missing: "refused" })),
    );
  });
  test("declarations of features whose names hold dots", () => {
    const features = [
      { name: "a", type: "number" as const, min: 1, missing: "allowed" as const },
      { name: "a.min", type: "number" as const, max: 2 },
    ];
    const document = { ...full, interface: { ...full.interface, features } };
    expect(toRevisionConfig(specOf(document), identity).features).toMatchObject([
      { name: "a", min: 1, max: null },
      { name: "a.min", min: null, max: 2 },
    ]);
  });
  test("the frozen reference that its rows are counted in", () => {
    const baseline = { id: 3, columns: [{ edges: [0.5], exact: false }] };
    expect(toRevisionConfig(specOf(full), { ...identity, baseline }).baseline).toEqual(baseline);
  });
  test("nothing, when the specification lacks a value", () => {
    expect(() => toRevisionConfig({ leaves: [], cannot: [] }, identity)).toThrow("interface.output.name");
  });
});
