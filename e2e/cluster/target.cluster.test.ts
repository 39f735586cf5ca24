import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClusterEndpoint, ClusterRevision } from "@/lib/deployments/cluster-endpoint";
import { firstObstacle } from "@/lib/deployments/readiness";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { connect } from "@/lib/kubernetes/client";
import { clusterApi } from "@/lib/kubernetes/cluster-api";
import { type KubeObject, keyOfObject } from "@/lib/kubernetes/object";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { CLUSTER_CONTRACTS, clusterRevision, FULL_CLUSTER } from "@/lib/serving/test-clusters";
import { clusterWish } from "@/worker/cluster-wish";
import { kubernetesTarget } from "@/worker/kubernetes-target";
import { eventually, type Found, testCluster } from "./harness";

const cluster = await testCluster("target");
const ending = new AbortController();
afterAll(() => ending.abort());

const KSERVE = "serving.kserve.io";
const SERVICE = { apiVersion: `${KSERVE}/v1beta1`, kind: "InferenceService" };
const POLICY = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" };
const BUDGET = { apiVersion: "policy/v1", kind: "PodDisruptionBudget" };
const CONFIG = { apiVersion: "v1", kind: "ConfigMap" };

/** What the cluster under test has; it routes nothing. */
const capabilities: ClusterCapabilities = {
  ...FULL_CLUSTER,
  ...{ gatewayApi: false, envoyGateway: false, keda: false, prometheusOperator: false, mesh: null, gateway: null },
  gpuResources: [{ name: "nvidia.com/mig-1g.10gb", product: null, allocatable: 2, free: 2 }],
};
const api = clusterApi(connect({ kind: "kubeconfig", text: readFileSync(cluster.kubeconfig, "utf8") }));

/** As after a start of the worker: it knows of nothing but the cluster. */
const newTarget = () =>
  kubernetesTarget(
    { api, namespace: cluster.namespace, capabilities, now: Date.now, pause: (ms) => sleep(ms) },
    ending.signal,
  );

function revisionOf(endpoint: string, number: number, contract: string): ClusterRevision {
  const document = CLUSTER_CONTRACTS[contract];
  if (!document) throw new RangeError(`there is no contract ${contract}`);
  const { spec, identity } = clusterRevision(document, number);
  return { spec, identity: { ...identity, revision: `${endpoint}-r${number}` } };
}

function wish(
  name: string,
  generation: number,
  serving: ClusterRevision | null,
  more: Partial<ClusterEndpoint> = {},
): ClusterEndpoint {
  const all = [serving, more.warm ?? null].flatMap((each) => (each ? [each.identity.modelDigest] : []));
  return {
    ...{ name, generation, serving, useCase: "flights", cluster: "test", warm: null, canary: null },
    jwt: { issuer: "https://id.example", jwks: { uri: "https://id.example/jwks" } },
    storage: Object.fromEntries(all.map((digest) => [digest, `s3://models/sha256/${digest.slice(0, 2)}/${digest}`])),
    ...more,
  };
}

type Target = ReturnType<typeof newTarget>;

/** Rounds of the worker, until its status of the endpoint is so. */
function rounds(
  target: Target,
  wanted: ClusterEndpoint,
  isSo: (status: EndpointStatus) => boolean,
): Promise<EndpointStatus> {
  let last: EndpointStatus | undefined;
  return eventually(async () => {
    await target.apply([wanted]);
    [last] = await target.observe();
    if (last && isSo(last)) return last;
    throw new Error(`it is ${JSON.stringify(last)}`);
  }, 60);
}
const isReady = ({ state }: EndpointStatus) => state === "ready";
const obstacle = ({ readiness }: EndpointStatus) => firstObstacle(readiness ?? []);

const ours = (name: string) => `proviso.dev/endpoint=${name}`;
const KINDS = [SERVICE, POLICY, BUDGET, CONFIG, { apiVersion: `${KSERVE}/v1alpha1`, kind: "ServingRuntime" }];
async function held(name: string): Promise<readonly Found[]> {
  return (await Promise.all(KINDS.map((kind) => cluster.list(kind, ours(name))))).flat();
}
/** But for services, whose status KServe goes on writing. */
const versionsOf = async (name: string) =>
  (await held(name))
    .filter(({ spec }) => !(spec !== null && typeof spec === "object" && "predictor" in spec))
    .map(({ metadata }) => (metadata as { resourceVersion?: string }).resourceVersion);

describe.skipIf(!(cluster.simulated && cluster.has(KSERVE)))("a cluster as a serving target", () => {
  beforeAll(async () => {
    await cluster.node("cpus", {}, { "topology.kubernetes.io/zone": "a" });
    await cluster.node("slices", { "nvidia.com/mig-1g.10gb": "2" }, {});
  });

  test("a contract becomes ready on nodes, and applying it again, also after a restart, changes nothing", async () => {
    const wanted = wish("steady", 1, revisionOf("steady", 1, "cpu-plain"));
    const status = await rounds(newTarget(), wanted, isReady);
    expect(status).toMatchObject({ serving: "steady-r1", generation: 1, refused: null });
    expect(status.readiness?.map(({ state }) => state)).toEqual(Array(8).fill("passed"));
    const before = await versionsOf("steady");
    await rounds(newTarget(), wanted, isReady);
    expect(await versionsOf("steady")).toEqual(before);
  });

  test("what a dry run of every object gives is what is there", async () => {
    const endpoint = wish("steady", 1, revisionOf("steady", 1, "cpu-plain"));
    const conditionOf = () => ({ isLoaded: true, answers: true });
    const place = { namespace: cluster.namespace, capabilities };
    const { objects } = clusterWish(endpoint, place, { conditionOf, before: {} });
    for (const { object } of objects) {
      const dry = await api.apply(object, { dryRun: true });
      expect(plain(dry)).toEqual(plain(await api.get(keyOfObject(object))));
    }
    expect(objects.length).toBeGreaterThan(3);
  });

  test("what is taken away or deleted by hand is put back", async () => {
    const target = newTarget();
    const wanted = wish("drifting", 1, revisionOf("drifting", 1, "cpu-plain"));
    await rounds(target, wanted, isReady);
    await cluster.remove(cluster.named(POLICY.apiVersion, POLICY.kind, "drifting"));
    await cluster.remove(cluster.named(SERVICE.apiVersion, SERVICE.kind, "drifting-r1"));
    await eventually(async () => {
      await target.apply([wanted]);
      const kinds = (await held("drifting")).map(({ kind }) => kind);
      return [...kinds].length === 5;
    });
    await rounds(target, wanted, isReady);
  });

  test("a field that somebody else set is not taken back, and they are named", async () => {
    const target = newTarget();
    const wanted = wish("contested", 1, revisionOf("contested", 1, "cpu-plain"));
    await rounds(target, wanted, isReady);
    const other = { spec: { predictor: { maxReplicas: 9 } } };
    await cluster.apply(cluster.named(SERVICE.apiVersion, SERVICE.kind, "contested-r1", other), {
      manager: "kubectl-edit",
    });
    const status = await rounds(target, wanted, ({ reason }) => reason?.includes("belongs") ?? false);
    expect(status.reason).toBe(
      `InferenceService ${cluster.namespace}/contested-r1: .spec.predictor.maxReplicas belongs to kubectl-edit`,
    );
    expect(status).toMatchObject({ state: "ready", serving: "contested-r1", refused: null });
  });

  test("a lower generation is refused, also by a target that has just started", async () => {
    const [first, second] = [1, 2].map((n) => revisionOf("newer", n, "cpu-plain"));
    if (!first || !second) throw new Error("there are two");
    await rounds(newTarget(), wish("newer", 2, second, { warm: first }), isReady);
    const before = await versionsOf("newer");
    expect(await newTarget().apply([wish("newer", 1, first)])).toEqual({ stale: ["newer"] });
    expect(await versionsOf("newer")).toEqual(before);
  });

  // The garbage collector of a fresh cluster learns of new kinds only after half a minute.
  test("an endpoint that serves nothing any more loses what is ours, and nothing else", {
    timeout: 90_000,
  }, async () => {
    const target = newTarget();
    await rounds(target, wish("leaving", 1, revisionOf("leaving", 1, "cpu-plain")), isReady);
    const labels = { "proviso.dev/endpoint": "leaving" };
    await cluster.apply(cluster.named("v1", "ConfigMap", "notes", { metadata: { labels }, data: { of: "somebody" } }));
    const status = await rounds(target, wish("leaving", 2, null), ({ state }) => state === "stopped");
    expect(status).toMatchObject({ generation: 2, serving: null });
    await eventually(async () => {
      const left = (await held("leaving")).map(({ metadata }) => metadata.name).sort();
      return left.join() === "notes,proviso.leaving";
    }, 60);
    expect(await newTarget().apply([wish("leaving", 1, revisionOf("leaving", 1, "cpu-plain"))])).toEqual({
      stale: ["leaving"],
    });
  });

  test("GPUs that two endpoints ask for at once go to one; the other says what is missing", async () => {
    const names = ["slice-a", "slice-b"];
    const wanted = names.map((name) => wish(name, 1, revisionOf(name, 1, "gpu-mig")));
    const target = newTarget();
    const short = await eventually(async () => {
      await target.apply(wanted);
      const all = await target.observe();
      const waits = all.find((status) => obstacle(status)?.source?.endsWith("Unschedulable"));
      return all.some(isReady) && waits;
    });
    expect(obstacle(short)).toMatchObject({
      state: "waiting",
      reason: expect.stringContaining("Insufficient nvidia.com/mig-1g.10gb"),
      fix: expect.stringContaining("free or add nvidia.com/mig-1g.10gb"),
      source: expect.stringMatching(/^Pod slice-[ab]-r1-predictor-.*: Unschedulable$/),
    });
    const next = "slice-c";
    const refused = await rounds(
      target,
      wish(next, 1, revisionOf(next, 1, "gpu-mig")),
      ({ state }) => state === "failed",
    );
    expect(refused.reason).toMatch(/^it asks for 2 replicas of 1 nvidia.com\/mig-1g.10gb, and of 2 there are 0 free/);
    expect((await held(next)).map(({ kind }) => kind)).not.toContain("InferenceService");
    for (const name of names) await target.apply([wish(name, 2, null)]);
  });

  test("zones that the cluster has not are told by the scheduler's word", async () => {
    const status = await rounds(
      newTarget(),
      wish("zoned", 1, revisionOf("zoned", 1, "cpu-decision")),
      (each) => obstacle(each)?.source?.endsWith("Unschedulable") ?? false,
    );
    expect(obstacle(status)?.reason).toContain("topology spread constraints");
    // One of three answers: it is told what the others wait for.
    expect(status).toMatchObject({ state: "ready", reason: expect.stringContaining("topology spread constraints") });
  });

  test.each([
    ["simulate/init-crash", "no such bucket", "storage"],
    ["simulate/init-crash", "sha256 of the file differs", "digest"],
    ["simulate/crash", "unsupported opset 99", "load"],
  ])("a revision that does not come up says why: %s %s", async (annotation, message, stage) => {
    const name = `bad-${stage}`;
    const target = newTarget();
    const wanted = wish(name, 1, revisionOf(name, 1, "cpu-plain"));
    await rounds(target, wanted, isReady);
    const predictor = { annotations: { [annotation]: message } };
    await cluster.apply(cluster.named(SERVICE.apiVersion, SERVICE.kind, `${name}-r1`, { spec: { predictor } }));
    const status = await rounds(target, wanted, (each) => obstacle(each)?.state === "failed");
    expect(obstacle(status)).toMatchObject({ stage, reason: expect.stringContaining(message) });
    // The replicas of before go on answering.
    expect(status).toMatchObject({ state: "ready", serving: `${name}-r1`, refused: null });
  });

  test("an image that cannot be pulled is told with what the registry said", async () => {
    const target = newTarget();
    const wanted = wish("image", 1, revisionOf("image", 1, "cpu-plain"));
    await rounds(target, wanted, isReady);
    const [pod] = await cluster.list({ apiVersion: "v1", kind: "Pod" }, "proviso.dev/revision=image-r1");
    const name = pod?.metadata.name ?? "";
    const stuck = { waiting: { reason: "ImagePullBackOff", message: "Back-off pulling image" } };
    const conditions = [
      { type: "Ready", status: "False" },
      { type: "ContainersReady", status: "False" },
    ];
    const containerStatuses = [
      { name: "kserve-container", image: "x", imageID: "", ready: false, restartCount: 0, state: stuck },
    ];
    const answer = await cluster.send({
      method: "PATCH",
      path: `/api/v1/namespaces/${cluster.namespace}/pods/${name}/status`,
      query: { fieldManager: "kubelet", force: "true" },
      body: { apiVersion: "v1", kind: "Pod", metadata: { name }, status: { conditions, containerStatuses } },
    });
    expect([answer.status, (await answer.text()).slice(0, 300)]).toMatchObject([200, expect.anything()]);
    const about = { apiVersion: "v1", kind: "Pod", name, namespace: cluster.namespace };
    const said = {
      type: "Warning",
      reason: "Failed",
      message: "Failed to pull image: manifest unknown",
      involvedObject: about,
    };
    await cluster.apply(cluster.named("v1", "Event", "pull", said));
    const status = await rounds(target, wanted, (each) => obstacle(each)?.state === "failed");
    expect(obstacle(status)).toMatchObject({ stage: "image", reason: expect.stringContaining("manifest unknown") });
  });
});

/** Without what the server keeps of its own. */
function plain(object: KubeObject | null) {
  if (object === null) return null;
  const { name, labels, annotations } = object.metadata;
  return { name, labels, annotations, spec: object.spec, data: object.data };
}
