import { proposeClause } from "@/lib/contracts/archetypes";
import type { Clause, ContractDocument, FailureMode } from "@/lib/contracts/document";
import { contractDocument } from "@/lib/contracts/document";
import { EXAMPLE_FAILURE_MODE, exampleDocument, fullDocument } from "@/lib/contracts/test-document";
import { capabilitiesFor } from "@/lib/serving/capabilities";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { compile } from "@/lib/serving/compile";
import { compileManifests } from "@/lib/serving/compile-manifests";
import type { Manifest } from "@/lib/serving/manifest";
import type { ManifestIdentity, ManifestInput, ManifestRevision } from "@/lib/serving/manifest-input";

/** Contracts and clusters that manifests are tested on. */

/** A cluster that has everything. */
export const FULL_CLUSTER: ClusterCapabilities = {
  version: "v1.36.3",
  kserve: { version: "v0.20.0" },
  gatewayApi: true,
  envoyGateway: true,
  backends: true,
  keda: true,
  prometheusOperator: true,
  mesh: "istio",
  imageVolumes: true,
  gpuResources: [
    { name: "nvidia.com/gpu", product: "NVIDIA-H100-80GB-HBM3", allocatable: 8, free: 4 },
    { name: "nvidia.com/gpu.shared", product: "NVIDIA-A10G-SHARED", allocatable: 8, free: 8 },
    { name: "nvidia.com/mig-1g.10gb", product: "NVIDIA-H100-80GB-HBM3", allocatable: 7, free: 7 },
  ],
  gateway: { name: "inference", namespace: "gateway-system" },
  prometheusUrl: "http://prometheus.monitoring:9090",
  images: { triton: `nvcr.io/nvidia/tritonserver@sha256:${"d".repeat(64)}` },
};

export const EMPTY_CLUSTER: ClusterCapabilities = {
  version: "v1.36.3",
  kserve: null,
  gatewayApi: false,
  envoyGateway: false,
  keda: false,
  prometheusOperator: false,
  mesh: null,
  imageVolumes: false,
  gpuResources: [],
  gateway: null,
  prometheusUrl: null,
  images: { triton: null },
};

const MODEL = "a".repeat(64);

type Serving = Partial<ContractDocument["serving"]>;

/** The contract, for a cluster. */
export function onCluster(document: ContractDocument, serving: Serving): ContractDocument {
  return contractDocument.parse({ ...document, serving: { ...document.serving, target: "kubernetes", ...serving } });
}

const without = (document: ContractDocument, ...kinds: Clause["kind"][]): ContractDocument => ({
  ...document,
  clauses: document.clauses.filter(({ kind }) => !kinds.includes(kind)),
});

const replicas = (min: number, max: number) => ({ min, max });
const failing = (change: Partial<FailureMode>): FailureMode => ({ ...EXAMPLE_FAILURE_MODE, ...change });

const ROLLOUT: ContractDocument["rollout"] = {
  shadow: true,
  steps: [
    { percent: 5, minSeconds: 600, minSamples: 1000 },
    { percent: 25, minSeconds: 600, minSamples: 5000 },
    { percent: 50, minSeconds: 600, minSamples: 5000 },
  ],
  comparison: { slowShare: 0.01, failedShare: 0.001, predictionShift: 0.05 },
};

/** Six uses of a cluster, each with what it is about. */
export const CLUSTER_CONTRACTS: Readonly<Record<string, ContractDocument>> = {
  /** A decision while someone waits, on processors, in three zones. */
  "cpu-decision": onCluster(fullDocument(), { placement: { replicas: replicas(3, 6), zones: 3, gpu: null } }),
  /** A whole GPU, rolled out step by step. */
  "gpu-whole": {
    ...onCluster(fullDocument(), {
      tier: "gpu",
      deadlineMs: 60,
      placement: { replicas: replicas(2, 4), zones: 1, gpu: { kind: "whole", count: 1 } },
    }),
    rollout: ROLLOUT,
  },
  /** A partition of a GPU for a small model. */
  "gpu-mig": onCluster(exampleDocument(), {
    tier: "gpu",
    placement: { replicas: replicas(2, 7), zones: 1, gpu: { kind: "mig", profile: "1g.10gb" } },
  }),
  /** A GPU shared with strangers, which the signers accept. */
  "gpu-time-sliced": onCluster(exampleDocument(), {
    tier: "gpu",
    placement: { replicas: replicas(1, 2), zones: 1, gpu: { kind: "time_sliced", accepted: true } },
  }),
  /** Many rows at once, no deadline, no promise of milliseconds or availability. */
  "cpu-batches": {
    ...onCluster(without(exampleDocument(), "latency", "availability"), {
      maxRows: 512,
      deadlineMs: null,
      placement: { replicas: replicas(1, 10), zones: 1, gpu: null },
    }),
    failureMode: failing({
      batching: { maxRows: 256, maxDelayMs: 20 },
      queueRows: 8192,
      perClient: null,
      breaker: null,
    }),
  },
  /** A contract with nothing but one promise, and all that is usual. */
  "cpu-plain": onCluster({ ...exampleDocument(), clauses: [proposeClause("latency_p99", "p99", 40, 64)] }, {}),
};

type Change = Partial<Pick<ManifestRevision, "role" | "percent" | "shadow">>;

/** Revision `<endpoint>-r<n>` under a contract. */
export function clusterRevision(document: ContractDocument, n: number, change: Change = {}): ManifestRevision {
  const schema: ManifestIdentity["schema"] = {
    inputs: [{ name: "features", datatype: "FP32", shape: [-1, 2], features: ["hour", "distance"] }],
    outputs: [
      { name: "label", datatype: "INT64", shape: [-1] },
      { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
    ],
  };
  const version = { model: "flight-delays", version: n, modelDigest: MODEL, schema, endpoint: "flight-delays" };
  return {
    role: "serving",
    percent: 100,
    shadow: false,
    ...change,
    spec: compile(document, version, capabilitiesFor("kubernetes", [FULL_CLUSTER])),
    identity: {
      revision: `flight-delays-r${n}`,
      modelVersion: `${n}`,
      contractDigest: "b".repeat(64),
      modelDigest: MODEL,
      specDigest: "c".repeat(64),
      schema,
    },
  };
}

/** An endpoint in a cluster that has everything, unless said otherwise. */
export function clusterInput(
  revisions: readonly ManifestRevision[],
  cluster: Partial<ClusterCapabilities> = {},
): ManifestInput {
  return {
    endpoint: "flight-delays",
    useCase: "rebooking",
    namespace: "models",
    generation: 7,
    revisions,
    storage: { [MODEL]: `s3://models/sha256/aa/${MODEL}` },
    jwt: { issuer: "https://id.example", jwks: { uri: "https://id.example/keys.json" } },
    cluster: { ...FULL_CLUSTER, ...cluster },
  };
}

/** Objects of every kind that is ever made: all contracts, on clusters with and without each ability. */
export function everyManifest(): readonly Manifest[] {
  const clusters: readonly Partial<ClusterCapabilities>[] = [
    {},
    { mesh: "linkerd" },
    { mesh: null, keda: false },
    { mesh: null, backends: false, prometheusOperator: false },
  ];
  return Object.values(CLUSTER_CONTRACTS).flatMap((document) => {
    const warm = clusterRevision(document, 1, { role: "warm", percent: 0 });
    const shadow = clusterRevision(document, 3, { role: "canary", percent: 0, shadow: true });
    const serving = clusterRevision(document, 2);
    const inputs = clusters.flatMap((cluster) => [
      clusterInput([serving, warm], cluster),
      clusterInput([serving, warm, shadow], cluster),
      { ...clusterInput([serving], cluster), jwt: { issuer: "https://id.example", jwks: { inline: '{"keys":[]}' } } },
    ]);
    return inputs.flatMap((input) => compileManifests(input).manifests);
  });
}
