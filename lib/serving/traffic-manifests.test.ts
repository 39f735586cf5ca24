import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { proposeClause } from "@/lib/contracts/archetypes";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument, fullDocument } from "@/lib/contracts/test-document";
import type { ClusterCapabilities } from "./cluster-capabilities";
import { compile, type VersionIdentity } from "./compile";
import { type Json, keyOf, leavesOf, type Manifest, type ManifestLeaf, objectOf } from "./manifest";
import type { ManifestInput, ManifestRevision } from "./manifest-input";
import { FULL_CLUSTER } from "./test-clusters";
import { trafficManifests } from "./traffic-manifests";

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

const CLUSTER: ClusterCapabilities = { ...FULL_CLUSTER, gpuResources: [], images: { triton: null } };

const full = onCluster(fullDocument());

function onCluster(document: ContractDocument): ContractDocument {
  const placement = { replicas: { min: 2, max: 6 }, zones: 2, gpu: null };
  return { ...document, serving: { ...document.serving, target: "kubernetes", placement } };
}

function revision(n: number, change: Partial<ManifestRevision> = {}, document = full): ManifestRevision {
  const { schema, modelDigest } = version;
  return {
    role: "serving",
    percent: 100,
    shadow: false,
    spec: compile(document, version, {
      target: "kubernetes",
      tiers: ["cpu", "gpu"],
      probes: [],
      maxRows: 4096,
      datatypes: ["FP32"],
    }),
    identity: {
      revision: `flight-delays-r${n}`,
      modelVersion: `${n}`,
      contractDigest: "b".repeat(64),
      modelDigest,
      schema,
      specDigest: "c".repeat(64),
    },
    ...change,
  };
}

function inputOf(revisions: readonly ManifestRevision[], cluster: Partial<ClusterCapabilities> = {}): ManifestInput {
  return {
    endpoint: "flight-delays",
    useCase: "rebooking",
    namespace: "team-ops",
    generation: 7,
    revisions,
    storage: {},
    jwt: { issuer: "https://idp.example", jwks: { uri: "https://idp.example/jwks.json" } },
    cluster: { ...CLUSTER, ...cluster },
  };
}

const warm = revision(1, { role: "warm", percent: 0 });
const split = (percent: number, shadow = false) => [
  revision(2, { percent: 100 - percent }),
  revision(3, { role: "canary", percent, shadow }),
  warm,
];

function find(input: ManifestInput, kind: string, name?: string): Manifest | undefined {
  return trafficManifests(input).manifests.find((each) => {
    const key = keyOf(each);
    return key.kind === kind && (name === undefined || key.name === name);
  });
}

/** A value by its path: `spec.rules.0.name`. */
function at(manifest: Manifest | undefined, path: string): Json | undefined {
  const start: Json | undefined = manifest && objectOf(manifest);
  return path
    .split(".")
    .reduce<Json | undefined>((value, key) => (value as Record<string, Json> | undefined)?.[key], start);
}

const leaves = (input: ManifestInput): ManifestLeaf[] =>
  trafficManifests(input).manifests.flatMap((each) => {
    const { kind, name } = keyOf(each);
    return leavesOf(each, `${kind}/${name}`);
  });

describe("the route of an endpoint", () => {
  const weights = (input: ManifestInput) => {
    const refs = at(find(input, "HTTPRoute"), "spec.rules.0.backendRefs") as { name: string; weight: number }[];
    return Object.fromEntries(refs.map(({ name, weight }) => [name, weight]));
  };

  test("gives each revision its share, and none to the one that is kept warm", () => {
    expect(weights(inputOf(split(5)))).toEqual({
      "flight-delays-r2-predictor": 95,
      "flight-delays-r3-predictor": 5,
      "flight-delays-r1-predictor": 0,
    });
  });
  test("has weights of 100 in all, and none for a share of 0, whatever the shares", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (percent) => {
        const found = weights(inputOf(split(percent)));
        const all = Object.values(found);
        expect(all.reduce((a, b) => a + b)).toBe(100);
        expect(all.every((each) => Number.isInteger(each) && each >= 0)).toBe(true);
        if (percent === 0) expect(found["flight-delays-r3-predictor"]).toBe(0);
        if (percent === 100) expect(found["flight-delays-r2-predictor"]).toBe(0);
      }),
    );
  });
  test("sends nothing anywhere while no revision is ready", () => {
    expect(weights(inputOf([revision(1, { percent: 0 })]))).toEqual({ "flight-delays-r1-predictor": 0 });
  });
  test("refuses shares that are not everything", () => {
    expect(() => trafficManifests(inputOf([revision(1, { percent: 60 })]))).toThrow("60 % in all, not 100");
  });
  test("changes in nothing but weights from one step to the next", () => {
    const before = leaves(inputOf(split(5)));
    const after = leaves(inputOf(split(50)));
    const changed = after.filter(({ path, value }, i) => before[i]?.path === path && before[i]?.value !== value);
    expect(changed.map(({ path }) => path.replace(/^.*\./, ""))).toEqual(["weight", "weight"]);
    expect(after).toHaveLength(before.length);
  });
  test("copies requests to a revision in the shadow only", () => {
    const mirror = "spec.rules.0.filters.0.requestMirror.backendRef.name";
    expect(at(find(inputOf(split(0, true)), "HTTPRoute"), mirror)).toBe("flight-delays-r3-predictor");
    expect(at(find(inputOf(split(0)), "HTTPRoute"), mirror)).toBeUndefined();
  });
  test("ends a request at the contract's deadline, and says of none that there is none", () => {
    const timeout = "spec.rules.0.timeouts.request";
    expect(at(find(inputOf(split(5)), "HTTPRoute"), timeout)).toBe("250ms");
    const endless = { ...full, serving: { ...full.serving, deadlineMs: null } };
    expect(at(find(inputOf([revision(1, {}, endless)]), "HTTPRoute"), timeout)).toBe("0s");
  });
  test("lets the previous revision stand in where the contract asks for it and no other is on its way", () => {
    const steady = inputOf([revision(2), warm]);
    expect(at(find(steady, "HTTPRoute"), "spec.rules.0.backendRefs")).toEqual([
      { group: "gateway.envoyproxy.io", kind: "Backend", name: "flight-delays-r2" },
      { group: "gateway.envoyproxy.io", kind: "Backend", name: "flight-delays-r1" },
    ]);
    expect(at(find(steady, "Backend", "flight-delays-r1"), "spec.fallback")).toBe(true);
    expect(at(find(steady, "BackendTrafficPolicy"), "spec.retry.numAttemptsPerPriority")).toBe(1);
    expect(find(inputOf(split(5)), "Backend")).toBeUndefined();
    expect(find(inputOf([revision(2, {}, onCluster(exampleDocument())), warm]), "Backend")).toBeUndefined();
  });
});

describe("the traffic policy", () => {
  const policy = (document = full) => find(inputOf([revision(1, {}, document)]), "BackendTrafficPolicy");

  test("counts every request in the share of its client and in the ceiling of all", () => {
    expect(at(policy(), "spec.rateLimit.local.rules")).toEqual([
      {
        clientSelectors: [{ headers: [{ name: "x-proviso-client", type: "Distinct" }] }],
        limit: { requests: 50, unit: "Second" },
      },
      { clientSelectors: [{ methods: [{ value: "POST" }] }], limit: { requests: 200, unit: "Second" } },
    ]);
  });
  test("has no limits where none are promised", () => {
    const clauses = full.clauses.filter(({ kind }) => kind !== "throughput");
    const { failureMode: _, ...document } = { ...full, clauses };
    expect(at(policy(document), "spec.rateLimit")).toBeUndefined();
    expect(at(policy(document), "spec.healthCheck")).toBeUndefined();
  });
  test("opens as the contract's breaker does", () => {
    expect(at(policy(), "spec.healthCheck")).toEqual({
      panicThreshold: 0,
      passive: {
        interval: "10000ms",
        consecutive5XxErrors: 10,
        failurePercentageThreshold: 50,
        baseEjectionTime: "5000ms",
        maxEjectionPercent: 100,
      },
    });
    expect(at(policy(), "spec.circuitBreaker")).toEqual({
      maxConnections: 50,
      maxParallelRequests: 50,
      maxPendingRequests: 1024,
      retryBudget: { percent: { numerator: 20 }, minRetryConcurrency: 3 },
    });
  });
  test("is attached to the rule with the predictions: readiness is never covered by a fixed response", () => {
    expect(at(policy(), "spec.targetRefs.0.sectionName")).toBe("infer");
    expect(at(find(inputOf([revision(1)]), "HTTPRoute"), "spec.rules.0.name")).toBe("infer");
  });
  test("answers overload and lateness with the contract's fixed response, in single precision and flagged", () => {
    const overrides = at(policy(), "spec.responseOverride") as unknown as {
      match: { statusCodes: { value: number }[] };
      response: { statusCode: number; body: { inline: string } };
    }[];
    expect(
      overrides.map(({ match, response }) => [match.statusCodes.map((s) => s.value), response.statusCode]),
    ).toEqual([
      [[503], 200],
      [[504], 200],
      [[500, 502], 200],
      [[429], 429],
    ]);
    expect(JSON.parse(overrides[1]?.response.body.inline ?? "")).toEqual({
      model_name: "flight-delays",
      model_version: "1",
      parameters: { fallback: true, reason: "timeout" },
      outputs: [{ name: "probabilities", datatype: "FP32", shape: [1, 2], data: [Math.fround(0.8), Math.fround(0.2)] }],
    });
  });
  test("leaves errors as they are where the contract wants errors", () => {
    const failureMode = full.failureMode && { ...full.failureMode, onTimeout: "error" as const, fallback: null };
    const overrides = at(policy({ ...full, failureMode }), "spec.responseOverride") as unknown as unknown[];
    expect(overrides).toHaveLength(1);
  });
});

test("only holders of a token for the endpoint get in, and their subject is who they are", () => {
  const policy = find(inputOf([revision(1)]), "SecurityPolicy");
  expect(at(policy, "spec.jwt.providers.0")).toMatchObject({
    issuer: "https://idp.example",
    audiences: ["flight-delays"],
    remoteJWKS: { uri: "https://idp.example/jwks.json" },
    claimToHeaders: [{ claim: "sub", header: "x-proviso-client" }],
  });
  expect(at(policy, "spec.authorization.defaultAction")).toBe("Deny");
  const inline = { ...inputOf([revision(1)]), jwt: { issuer: "portal", jwks: { inline: '{"keys":[]}' } } };
  expect(at(find(inline, "SecurityPolicy"), "spec.jwt.providers.0.localJWKS.inline")).toBe('{"keys":[]}');
});

describe("replicas", () => {
  const scaled = (document = full) => find(inputOf([revision(1, {}, document)]), "ScaledObject");
  test("follow the queue of the model and the promised rate, within the contract's bounds", () => {
    expect(at(scaled(), "spec.minReplicaCount")).toBe(2);
    expect(at(scaled(), "spec.maxReplicaCount")).toBe(6);
    expect(at(scaled(), "spec.fallback.replicas")).toBe(4);
    const triggers = at(scaled(), "spec.triggers") as unknown as { metadata: Record<string, string> }[];
    expect(triggers.map(({ metadata }) => [metadata.threshold, metadata.ignoreNullValues])).toEqual([
      ["32", "false"],
      ["33.3333", "false"],
    ]);
  });
  test("are never none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(900), fc.boolean(), (min, more, keda) => {
        const placement = { replicas: { min, max: min + more }, zones: 1, gpu: null };
        const document = { ...full, serving: { ...full.serving, placement } };
        const input = inputOf([revision(1, {}, document)], { keda });
        const least = keda
          ? at(find(input, "ScaledObject"), "spec.minReplicaCount")
          : at(find(input, "HorizontalPodAutoscaler"), "spec.minReplicas");
        expect(least).toBe(min);
      }),
    );
  });
  test("follow the processor without KEDA, and on a GPU stay at the smallest number", () => {
    const gpu = { ...full, serving: { ...full.serving, tier: "gpu" as const } };
    const most = (document: ContractDocument) =>
      at(find(inputOf([revision(1, {}, document)], { keda: false }), "HorizontalPodAutoscaler"), "spec.maxReplicas");
    expect(most(full)).toBe(6);
    expect(most(gpu)).toBe(2);
    const { cannot } = trafficManifests(inputOf([revision(1, {}, gpu)], { keda: false }));
    expect(cannot.map(({ reason }) => reason)).toContain("KEDA is not there: it stays at 2 of 2 to 6 replicas");
  });
});

describe("a cluster that lacks something", () => {
  const kinds = (input: ManifestInput) => new Set(trafficManifests(input).manifests.map((each) => keyOf(each).kind));
  test("gets no route where nothing would check tokens", () => {
    for (const missing of [{ envoyGateway: false }, { gatewayApi: false }, { gateway: null }]) {
      const input = inputOf(split(5), missing);
      expect([...kinds(input)].sort()).toEqual(["PeerAuthentication", "ScaledObject"]);
      expect(trafficManifests(input).cannot.map(({ clause }) => clause)).toContain("serving");
    }
  });
  test("says that the previous revision cannot stand in", () => {
    const input = inputOf([revision(2), warm], { backends: false });
    expect(kinds(input).has("Backend")).toBe(false);
    expect(trafficManifests(input).cannot.map(({ clause }) => clause)).toEqual(["failureMode"]);
  });
  test("takes connections of its mesh only, whichever it is; without one it says so", () => {
    expect(at(find(inputOf(split(5)), "PeerAuthentication"), "spec.mtls.mode")).toBe("STRICT");
    const linkerd = kinds(inputOf(split(5), { mesh: "linkerd" }));
    expect([...linkerd].filter((kind) => /Server|Mesh|Authorization/.test(kind))).toHaveLength(3);
    const { advice } = trafficManifests(inputOf(split(5), { mesh: null }));
    expect(advice.map(({ reason }) => reason).join()).toContain("unencrypted");
  });
});

describe("compilation of traffic", () => {
  const clauses = new Set([
    "identity",
    "serving",
    "failureMode",
    "rollout",
    "cluster",
    ...full.clauses.map((c) => c.id),
  ]);
  const clusters = fc.record({
    keda: fc.boolean(),
    backends: fc.boolean(),
    envoyGateway: fc.boolean(),
    mesh: fc.constantFrom("istio" as const, "linkerd" as const, null),
  });
  /** At most one clause of a metric: two ceilings contradict each other. */
  const documents = fc
    .tuple(
      fc.subarray([...full.clauses, proposeClause("slow", "p95", 40, 64)]),
      fc.boolean(),
      fc.option(fc.double({ min: 0.01, max: 5000, noNaN: true })),
    )
    .map(([picked, isFailing, ceiling]): ContractDocument => {
      const { failureMode, ...rest } = full;
      const others = ceiling === null ? picked : picked.filter(({ kind }) => kind !== "throughput");
      const added = ceiling === null ? [] : [proposeClause("ceiling", "ceiling", ceiling, 64)];
      const clauses = [...others, ...added];
      return { ...rest, clauses, ...(isFailing && failureMode && { failureMode }) };
    });
  const withoutPlace = ({ path, value, clause }: ManifestLeaf) =>
    JSON.stringify([path.replaceAll(/\[\d+\]/g, "[]"), value, clause]);

  test("gives the same bytes every time, and a known clause on every leaf", () => {
    fc.assert(
      fc.property(documents, clusters, fc.integer({ min: 0, max: 100 }), (document, cluster, percent) => {
        const revisions = [revision(1, { percent: 100 - percent }, document), revision(2, { role: "canary", percent })];
        const input = inputOf(revisions, cluster);
        expect(JSON.stringify(trafficManifests(input))).toBe(JSON.stringify(trafficManifests(structuredClone(input))));
        const known = new Set([...clauses, "ceiling", "slow"]);
        expect(leaves(input).filter(({ clause }) => !known.has(clause))).toEqual([]);
      }),
    );
  });
  test("loses exactly the leaves of a clause that is taken away", () => {
    fc.assert(
      fc.property(documents, clusters, fc.nat(), (document, cluster, pick) => {
        const gone = document.clauses[pick % Math.max(1, document.clauses.length)];
        const rest = { ...document, clauses: document.clauses.filter((each) => each !== gone) };
        const before = { role: "warm", percent: 0 } as const;
        const of = (each: ContractDocument) =>
          leaves(inputOf([revision(2, {}, each), revision(1, before, each)], cluster));
        expect(of(rest).map(withoutPlace)).toEqual(
          of(document)
            .filter(({ clause }) => clause !== gone?.id)
            .map(withoutPlace),
        );
      }),
    );
  });
  test("names what asks for each part of it", () => {
    const names = new Set(leaves(inputOf(split(5))).map(({ clause }) => clause));
    expect([...names].sort()).toEqual([
      "availability",
      "cluster",
      "failureMode",
      "identity",
      "latency_p95",
      "latency_p99",
      "rollout",
      "serving",
      "throughput_ceiling",
    ]);
  });
});
