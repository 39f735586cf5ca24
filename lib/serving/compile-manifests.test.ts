import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proposeClause } from "@/lib/contracts/archetypes";
import type { ContractDocument } from "@/lib/contracts/document";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { exampleDocument, fullDocument } from "@/lib/contracts/test-document";
import type { ClusterCapabilities } from "./cluster-capabilities";
import { compileManifests } from "./compile-manifests";
import { diffManifests } from "./diff-manifests";
import { keyOf, leavesOf, objectOf } from "./manifest";
import { CLUSTER_CONTRACTS, clusterInput, clusterRevision, EMPTY_CLUSTER, onCluster } from "./test-clusters";

const full = onCluster(fullDocument(), { placement: { replicas: { min: 2, max: 6 }, zones: 2, gpu: null } });
const metrics = Object.keys(METRIC_RULES) as (keyof typeof METRIC_RULES)[];

/** Contracts of any clauses, each metric at most once: of two promises of one thing the manifests keep the stricter. */
const contracts = fc
  .uniqueArray(fc.constantFrom(...metrics), { minLength: 1, maxLength: 10 })
  .chain((picked) =>
    fc.tuple(
      ...picked.map((metric) =>
        fc
          .double({ min: 0.001, max: 999, noNaN: true })
          .map((target) => proposeClause(`c_${metric}`, metric, target, 64)),
      ),
    ),
  )
  .chain((clauses) => fc.constantFrom(...Object.values(CLUSTER_CONTRACTS), full).map((each) => ({ ...each, clauses })));

function compiled(document: ContractDocument, cluster: Partial<ClusterCapabilities> = {}) {
  return compileManifests(clusterInput([clusterRevision(document, 2)], cluster));
}
const manifestsOf = (document: ContractDocument) => compiled(document).manifests;

/** Leaves by object and path; places in lists are left out, since a member that goes moves those behind it. */
function leaves(document: ContractDocument) {
  return manifestsOf(document).flatMap((manifest) => {
    const { kind, name } = keyOf(manifest);
    return leavesOf(manifest).map(({ path, value, clause }) => ({
      at: `${kind}/${name} ${path.replaceAll(/\[\d+\]/g, "[]")} = ${JSON.stringify(value)}`,
      clause,
    }));
  });
}

const kindsOf = (manifests: ReturnType<typeof manifestsOf>) => manifests.map((each) => keyOf(each).kind);

describe("manifests", () => {
  test("have the same bytes every time, in whatever order the clauses stand", () => {
    fc.assert(
      fc.property(contracts, (document) => {
        const reversed = { ...document, clauses: [...document.clauses].reverse() };
        expect(JSON.stringify(manifestsOf(reversed))).toBe(JSON.stringify(manifestsOf(document)));
      }),
      { numRuns: 50 },
    );
  });

  test("lose exactly the leaves of a clause that is taken away; what another asks for too stays, under that one", () => {
    fc.assert(
      fc.property(contracts, fc.nat(), (document, pick) => {
        const gone = document.clauses[pick % document.clauses.length];
        const before = leaves(document);
        const after = leaves({ ...document, clauses: document.clauses.filter((clause) => clause !== gone) });
        const isIn = (some: typeof before) => (leaf: (typeof before)[number]) => some.some(({ at }) => at === leaf.at);
        expect(after.filter(({ clause }) => clause === gone?.id)).toEqual([]);
        expect(after.filter((leaf) => !isIn(before)(leaf))).toEqual([]);
        expect(before.filter((leaf) => !isIn(after)(leaf) && leaf.clause !== gone?.id)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test("name a clause of the contract, or one of six other origins, on every leaf", () => {
    const others = ["identity", "interface", "serving", "failureMode", "rollout", "cluster"];
    const origins = new Set([...others, ...full.clauses.map(({ id }) => id)]);
    expect(leaves(full).filter(({ clause }) => !origins.has(clause))).toEqual([]);
  });

  test("without a failure mode keep the queue that holds without one", () => {
    const { failureMode: _, ...without } = full;
    const config = leaves(without).filter(({ at }) => at.startsWith("ConfigMap/"));
    expect(config.filter(({ clause }) => clause === "failureMode")).toEqual([]);
    expect(config.filter(({ at }) => at.includes("max_queue_size"))).toEqual([
      {
        at: "ConfigMap/flight-delays-r2 data.config.pbtxt.dynamic_batching.default_queue_policy.max_queue_size = 4096",
        clause: "serving",
      },
    ]);
  });

  test("of a revision stay the same while its share, its role and the generation change", () => {
    const of = (percent: number, role: "canary" | "serving", generation: number) => {
      const revision = clusterRevision(full, 3, { role, percent });
      const others = percent < 100 ? [clusterRevision(full, 2, { percent: 100 - percent })] : [];
      const { manifests } = compileManifests({ ...clusterInput([...others, revision]), generation });
      return manifests.filter((each) => keyOf(each).name === "flight-delays-r3").map(objectOf);
    };
    expect(of(100, "serving", 9)).toEqual(of(25, "canary", 8));
  });

  test("differ by the weights alone when a rollout takes a step", () => {
    const at = (percent: number) => {
      const canary = clusterRevision(full, 3, { role: "canary", percent });
      return compileManifests(clusterInput([clusterRevision(full, 2, { percent: 100 - percent }), canary])).manifests;
    };
    const route = "HTTPRoute/flight-delays spec.rules[0].backendRefs";
    expect(diffManifests(at(5), at(25))).toEqual([
      { clause: "identity", changes: [{ path: `${route}[0].weight`, before: 95, after: 75 }] },
      { clause: "rollout", changes: [{ path: `${route}[1].weight`, before: 5, after: 25 }] },
    ]);
  });

  test("of a contract whose promise is amended differ under that clause", () => {
    const clauses = full.clauses.map((each) => (each.id === "latency_p99" ? { ...each, target: 30 } : each));
    const changed = diffManifests(manifestsOf(full), manifestsOf({ ...full, clauses }));
    expect(changed.map(({ clause }) => clause)).toContain("latency_p99");
    expect(diffManifests(manifestsOf(full), manifestsOf(full))).toEqual([]);
  });

  test("throw for a specification that was not compiled", () => {
    const revision = { ...clusterRevision(full, 2), spec: { leaves: [], cannot: [] } };
    expect(() => compileManifests(clusterInput([revision]))).toThrow("the specification has no");
  });
});

describe("what a cluster lacks", () => {
  const lacks = (cluster: Partial<ClusterCapabilities>, document = full) => {
    const { manifests, cannot } = compiled(document, cluster);
    return { kinds: kindsOf(manifests), cannot: cannot.map(({ clause, reason }) => `${clause}: ${reason}`) };
  };
  const RUNNING = ["NetworkPolicy", "ConfigMap", "ServingRuntime", "PodDisruptionBudget", "InferenceService"];

  test("is nothing where everything is there", () => {
    const { kinds, cannot } = lacks({});
    expect(cannot).toEqual([]);
    expect(kinds.slice(0, 5)).toEqual(RUNNING);
  });
  test.each([
    ["KServe", { kserve: null }, "serving: the cluster has no KServe"],
    ["a new KServe", { kserve: { version: "v0.15.2" } }, "serving: KServe v0.15.2 is too old for this"],
    ["an image", { images: { triton: null } }, "serving: no image of Triton Inference Server is named for the cluster"],
  ] as const)("without %s is said, and no revision is run", (_, cluster, reason) => {
    const { kinds, cannot } = lacks(cluster);
    expect(cannot).toEqual([reason]);
    expect(kinds.filter((kind) => RUNNING.includes(kind))).toEqual([]);
  });
  test("is said once for two revisions", () => {
    const warm = clusterRevision(full, 1, { role: "warm", percent: 0 });
    const { cannot } = compileManifests(clusterInput([clusterRevision(full, 2), warm], { kserve: null }));
    expect(cannot).toHaveLength(1);
  });
  test("is a GPU that no node has, with what it has instead", () => {
    const gpuResources = [{ name: "nvidia.com/gpu", product: null, allocatable: 2, free: 0 }];
    const document = CLUSTER_CONTRACTS["gpu-mig"] ?? full;
    const { cannot } = compiled(document, { gpuResources });
    expect(cannot).toEqual([
      {
        clause: "serving",
        reason: "no node of the cluster has 1 nvidia.com/mig-1g.10gb",
        fix: "add a node that has it, or take what it has: nvidia.com/gpu",
      },
    ]);
  });
  test("is a tier that runs elsewhere, or a GPU tier that names no GPU", () => {
    const of = (tier: "gpu" | "edge") => lacks({}, onCluster(exampleDocument(), { tier })).cannot;
    expect(of("edge")).toEqual(["serving: a cluster does not run the tier edge"]);
    expect(of("gpu")).toEqual(["serving: the tier gpu needs to know how much of a GPU a replica gets"]);
  });
  test("is a model file that it cannot read, or an image that its pods do not mount", () => {
    const input = clusterInput([clusterRevision(full, 2)], { imageVolumes: false });
    const cannotOf = (uri: string | null) =>
      compileManifests({ ...input, storage: uri === null ? {} : { ["a".repeat(64)]: uri } }).cannot.map(
        (each) => each.clause,
      );
    expect(cannotOf(null)).toEqual(["identity"]);
    expect(cannotOf("oci+native://registry.example/m@sha256:1")).toEqual(["identity"]);
    expect(cannotOf("https://store.example/model.onnx?signature=1")).toEqual([]);
  });
  test("is a name that KServe refuses, and a tensor without a batch", () => {
    const revision = clusterRevision(full, 2);
    const cannotOf = (change: object) => {
      const identity = { ...revision.identity, ...change };
      return compileManifests(clusterInput([{ ...revision, identity }])).cannot.map(({ reason }) => reason);
    };
    expect(cannotOf({ revision: "2-fast-r1" })).toEqual(["KServe takes no name that begins with a digit: 2-fast-r1"]);
    expect(cannotOf({ revision: `${"a".repeat(52)}-r1` })).toHaveLength(1);
    const inputs = [{ name: "features", datatype: "FP32", shape: [1, 2] }];
    expect(cannotOf({ schema: { ...revision.identity.schema, inputs } })).toEqual([
      "features is [1, 2]: without a batch as its first dimension Triton joins no requests",
    ]);
  });
  test("leaves nothing that needs it where it has nothing", () => {
    const { manifests } = compiled(full, EMPTY_CLUSTER);
    const built = ["v1", "policy/v1", "networking.k8s.io/v1", "autoscaling/v2"];
    expect(manifests.filter((each) => !built.includes(keyOf(each).apiVersion))).toEqual([]);
  });
  test("one replica under a promise of availability is advised against", () => {
    const document = onCluster(exampleDocument(), {});
    expect(compiled(document).advice.map(({ clause }) => clause)).toContain("availability");
    expect(compiled(full).advice.map(({ clause }) => clause)).not.toContain("availability");
  });
});

describe("a replica asks for", () => {
  const predictorOf = (name: string) => {
    const document = CLUSTER_CONTRACTS[name] ?? full;
    const service = manifestsOf(document).find((each) => keyOf(each).kind === "InferenceService");
    return service ? (objectOf(service) as { spec: { predictor: Record<string, never> } }).spec.predictor : null;
  };
  test.each([
    ["gpu-whole", "nvidia.com/gpu", "NVIDIA-H100-80GB-HBM3"],
    ["gpu-mig", "nvidia.com/mig-1g.10gb", "NVIDIA-H100-80GB-HBM3"],
    ["gpu-time-sliced", "nvidia.com/gpu.shared", "NVIDIA-A10G-SHARED"],
  ])("its part of a GPU, on nodes of that product: %s", (name, resource, product) => {
    expect(predictorOf(name)).toMatchObject({
      model: { resources: { requests: { [resource]: "1" }, limits: { [resource]: "1" } } },
      nodeSelector: { "nvidia.com/gpu.product": product },
    });
  });
  test("the product of which there is most", () => {
    const gpuResources = ["B", "A", "C"].map((product) => ({
      name: "nvidia.com/gpu",
      product,
      allocatable: product === "C" ? 1 : 4,
      free: 0,
    }));
    const { manifests } = compiled(CLUSTER_CONTRACTS["gpu-whole"] ?? full, { gpuResources });
    expect(JSON.stringify(manifests.map(objectOf))).toContain('"nvidia.com/gpu.product":"A"');
  });
  test("no GPU and no node of a product on the tier cpu", () => {
    const predictor = predictorOf("cpu-decision");
    expect(predictor).not.toHaveProperty("nodeSelector");
    expect(predictor).not.toHaveProperty("tolerations");
    expect(JSON.stringify(predictor)).not.toContain("nvidia");
  });
  test("its place in the signed zones, and where availability is promised on nodes of its own", () => {
    expect(predictorOf("cpu-decision")).toMatchObject({
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule", minDomains: 3 },
        { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
      ],
    });
    expect(predictorOf("cpu-batches")).not.toHaveProperty("topologySpreadConstraints");
  });
});
