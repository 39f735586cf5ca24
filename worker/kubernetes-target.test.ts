import { setMaxListeners } from "node:events";
import { describe, expect, test } from "vitest";
import type { ClusterEndpoint } from "@/lib/deployments/cluster-endpoint";
import type { ClusterApi } from "@/lib/kubernetes/cluster-api";
import { KubeError } from "@/lib/kubernetes/kube-error";
import { idOf, type KubeObject, keyOfObject } from "@/lib/kubernetes/object";
import { CLUSTER_CONTRACTS, clusterRevision, FULL_CLUSTER } from "@/lib/serving/test-clusters";
import { kubernetesTarget } from "./kubernetes-target";

const NAME = "flight-delays";
const MODEL = "a".repeat(64);
const document = CLUSTER_CONTRACTS["gpu-whole"];
if (!document) throw new RangeError("there is no such contract");
const { spec, identity } = clusterRevision(document, 1);

const ENDPOINT: ClusterEndpoint = {
  ...{ name: NAME, generation: 1, useCase: "rebooking", cluster: "test", warm: null, canary: null },
  serving: { spec, identity },
  jwt: { issuer: "https://id.example", jwks: { uri: "https://id.example/keys.json" } },
  storage: { [MODEL]: `s3://models/sha256/aa/${MODEL}` },
};

/** Objects by key; nothing happens there by itself. */
class Objects {
  readonly held = new Map<string, KubeObject>();
  #version = 0;

  put(object: KubeObject): KubeObject {
    const metadata = { ...object.metadata, uid: "uid", resourceVersion: `${++this.#version}` };
    const stored = { ...object, metadata };
    this.held.set(idOf(keyOfObject(stored)), stored);
    return stored;
  }

  readonly api: ClusterApi = {
    get: async (key) => this.held.get(idOf(key)) ?? null,
    list: async ({ apiVersion, kind }, { labels }) => ({
      resourceVersion: `${this.#version}`,
      items: [...this.held.values()].filter(
        (each) =>
          each.apiVersion === apiVersion &&
          each.kind === kind &&
          (labels === undefined || each.metadata.labels?.["proviso.dev/endpoint"] !== undefined),
      ),
    }),
    apply: async (object) => this.put(object),
    create: async (object) => {
      if (!this.held.has(idOf(keyOfObject(object)))) return this.put(object);
      throw new KubeError(`${object.metadata.name} already exists`, 409, "AlreadyExists");
    },
    takeOver: async (object) => object,
    remove: async (object) => this.held.delete(idOf(keyOfObject(object))),
    watch: async (_kind, _options, signal) => silence(signal),
  };
}

async function* silence(signal: AbortSignal): AsyncGenerator<never> {
  setMaxListeners(0, signal);
  await new Promise((ended) => signal.addEventListener("abort", ended, { once: true }));
}

const NODE: KubeObject = {
  ...{ apiVersion: "v1", kind: "Node" },
  metadata: { name: "gpu-1", labels: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" } },
  status: { allocatable: { "nvidia.com/gpu": "8" } },
};

/** The record as it is once the revision answers: nothing starts it here. */
function giveRequests(objects: Objects): void {
  const record = objects.held.get(`v1/ConfigMap/models/proviso.${NAME}`) as KubeObject & { data: { record: string } };
  const shares = { [identity.revision]: 100 };
  objects.put({ ...record, data: { record: JSON.stringify({ ...JSON.parse(record.data.record), shares }) } });
}

async function round(objects: Objects, change: Partial<typeof FULL_CLUSTER> = {}) {
  const ending = new AbortController();
  const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
  const capabilities = { ...FULL_CLUSTER, ...change };
  const options = { api: objects.api, namespace: "models", capabilities, now: Date.now, pause };
  const target = kubernetesTarget(options, ending.signal);
  await target.apply([ENDPOINT]);
  const [status] = await target.observe();
  ending.abort();
  return status;
}

describe("a cluster that seems to lack what a revision runs on", () => {
  test.each([
    ["a version of KServe that cannot be told", { kserve: { version: "unknown" } }],
    ["GPUs that are not seen", { gpuResources: [] }],
    ["no image any more", { images: { triton: null } }],
  ])("keeps what runs: %s", async (_, change) => {
    const objects = new Objects();
    objects.put(NODE);
    await round(objects);
    giveRequests(objects);
    const before = [...objects.held.keys()];
    expect(before.filter((id) => id.includes("/InferenceService/"))).toHaveLength(1);

    const status = await round(objects, change);

    expect([...objects.held.keys()]).toEqual(before);
    expect(status?.reason).toMatch(/-r1 stays as it is, and nothing is changed: /);
  });

  test("still does not begin a revision there", async () => {
    const objects = new Objects();
    const status = await round(objects, { gpuResources: [] });
    expect([...objects.held.keys()].filter((id) => id.includes("/InferenceService/"))).toHaveLength(0);
    expect(status?.reason).toMatch(/^no node of the cluster has /);
  });
});

test("an object of somebody else in the place of ours is named, and left alone", async () => {
  const objects = new Objects();
  objects.put(NODE);
  const foreign = { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute" };
  objects.put({ ...foreign, metadata: { name: NAME, namespace: "models" }, spec: { hostnames: ["theirs.example"] } });

  const status = await round(objects);

  expect(status?.reason).toBe(`HTTPRoute models/${NAME} is there and is not ours: delete it, or give it another name`);
  const route = objects.held.get(idOf({ ...foreign, name: NAME, namespace: "models" }));
  expect(route?.spec).toEqual({ hostnames: ["theirs.example"] });
});
