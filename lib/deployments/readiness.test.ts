import { describe, expect, test } from "vitest";
import type { ContainerStatus, LiveObject, Pod } from "./live-object";
import { firstObstacle, isLoaded, readinessOf } from "./readiness";
import type { RevisionFacts } from "./revision-facts";

// Shapes as a real API server, its controllers and KServe 0.20 give them.
const NOW = Date.parse("2026-11-24T22:00:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const DIGEST = "a".repeat(64);
const POD = "flights-r3-predictor-7d9f-x";

function object(kind: string, name: string, rest: Readonly<Record<string, unknown>> = {}): LiveObject {
  const { metadata, ...parts } = rest;
  return { apiVersion: "v1", kind, ...parts, metadata: { name, creationTimestamp: ago(30), ...(metadata as object) } };
}

const RUNNING: ContainerStatus = {
  ...{ name: "kserve-container", ready: true, started: true, restartCount: 0 },
  state: { running: { startedAt: ago(20) } },
};
const READ: ContainerStatus = {
  ...{ name: "storage-initializer", ready: true, restartCount: 0 },
  state: { terminated: { exitCode: 0, reason: "Completed", finishedAt: ago(22) } },
};

type Status = NonNullable<Pod["status"]>;

function pod(status: Status = {}, more: Readonly<Record<string, unknown>> = {}): Pod {
  const conditions = [
    { type: "PodScheduled", status: "True", lastTransitionTime: ago(28) },
    { type: "Ready", status: "True", lastTransitionTime: ago(10) },
  ];
  return object("Pod", POD, {
    metadata: {
      annotations: { "proviso.dev/model-digest": DIGEST },
      ownerReferences: [{ kind: "ReplicaSet", name: "flights-r3-predictor-7d9f", uid: "set" }],
    },
    spec: { nodeName: "node-a" },
    status: { phase: "Running", conditions, initContainerStatuses: [READ], containerStatuses: [RUNNING], ...status },
    ...more,
  });
}

/** Everything answers. */
function facts(change: Partial<RevisionFacts> = {}): RevisionFacts {
  return {
    ...{ revision: "flights-r3", modelDigest: DIGEST, isRouted: true },
    service: object("InferenceService", "flights-r3", { status: {} }),
    deployment: object("Deployment", "flights-r3-predictor", {
      metadata: { generation: 1 },
      spec: { replicas: 1, progressDeadlineSeconds: 600 },
      status: { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 },
    }),
    replicaSets: [object("ReplicaSet", "flights-r3-predictor-7d9f", { metadata: { uid: "set" } })],
    pods: [pod()],
    events: [],
    route: object("HTTPRoute", "flights", {
      status: {
        parents: [
          {
            conditions: [
              { type: "Accepted", status: "True" },
              { type: "ResolvedRefs", status: "True" },
            ],
          },
        ],
      },
    }),
    ...change,
  };
}
const obstacle = (change: Partial<RevisionFacts>, now = NOW) => firstObstacle(readinessOf(facts(change), now));
const warning = (reason: string, message: string) =>
  object("Event", `${POD}.1`, { reason, message, involvedObject: { kind: "Pod", name: POD } });
const stuck = (reason: string, message = ""): ContainerStatus => ({
  ...{ name: "kserve-container", ready: false, restartCount: 0 },
  state: { waiting: { reason, message } },
});
const unscheduled = (message: string, since: number): Pod =>
  pod(
    {
      phase: "Pending",
      conditions: [
        { type: "PodScheduled", status: "False", reason: "Unschedulable", message, lastTransitionTime: ago(since) },
      ],
      initContainerStatuses: [],
      containerStatuses: [],
    },
    { spec: {} },
  );

test("what answers has passed every stage, in order", () => {
  const checks = readinessOf(facts(), NOW);
  expect(checks.map(({ stage, state }) => `${stage} ${state}`)).toEqual(
    ["quota", "scheduling", "image", "storage", "digest", "load", "warm_up", "route"].map((stage) => `${stage} passed`),
  );
});

test("nothing is said of what comes after an obstacle", () => {
  const states = readinessOf(facts({ pods: [unscheduled("0/2 nodes are available", 5)] }), NOW).map(
    ({ state }) => state,
  );
  expect(states).toEqual(["passed", "waiting", "unknown", "unknown", "unknown", "unknown", "unknown", "unknown"]);
});

describe("each stage says what stands in the way, where it is said, and what helps", () => {
  const quota = {
    type: "ReplicaFailure",
    status: "True",
    reason: "FailedCreate",
    message: 'pods "x" is forbidden: exceeded quota: gpus',
  };
  const set = object("ReplicaSet", "flights-r3-predictor-7d9f", {
    metadata: { uid: "set" },
    status: { conditions: [quota] },
  });
  const crash: ContainerStatus = {
    ...stuck("CrashLoopBackOff", "back-off 20s restarting failed container"),
    lastState: { terminated: { exitCode: 1, reason: "Error", message: "unsupported opset 99" } },
  };
  const noBucket: ContainerStatus = {
    ...crash,
    name: "storage-initializer",
    lastState: { terminated: { exitCode: 1, reason: "Error", message: "no such bucket" } },
  };
  const otherFile: ContainerStatus = {
    ...noBucket,
    lastState: { terminated: { exitCode: 1, reason: "Error", message: "sha256 differs" } },
  };
  const memory: ContainerStatus = { ...crash, lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } } };
  const gpu = "0/2 nodes are available: 2 Insufficient nvidia.com/gpu. no new claims to deallocate";
  const held = (containerStatuses: ContainerStatus[]) => ({
    pods: [
      pod({
        containerStatuses,
        conditions: [
          { type: "PodScheduled", status: "True", lastTransitionTime: ago(28) },
          { type: "Ready", status: "False", lastTransitionTime: ago(20) },
        ],
      }),
    ],
  });
  const initHeld = (each: ContainerStatus) => ({
    pods: [pod({ phase: "Pending", initContainerStatuses: [each], containerStatuses: [stuck("PodInitializing")] })],
  });

  test.each<[string, Partial<RevisionFacts>, string, string, RegExp]>([
    [
      "quota",
      { replicaSets: [set], pods: [] },
      "failed",
      "exceeded quota",
      /ReplicaSet flights-r3-predictor-7d9f: FailedCreate/,
    ],
    ["scheduling", { pods: [unscheduled(gpu, 5)] }, "waiting", "Insufficient nvidia.com/gpu", /Unschedulable/],
    ["scheduling", { pods: [unscheduled(gpu, 601)] }, "failed", "more than 10 min", /Unschedulable/],
    [
      "image",
      { ...held([stuck("ImagePullBackOff", "Back-off")]), events: [warning("Failed", "manifest unknown")] },
      "failed",
      "manifest unknown",
      /ImagePullBackOff/,
    ],
    ["image", held([stuck("ErrImagePull", "i/o timeout")]), "waiting", "i/o timeout", /ErrImagePull/],
    [
      "image",
      held([stuck("InvalidImageName", "couldn't parse image")]),
      "failed",
      "couldn't parse",
      /InvalidImageName/,
    ],
    ["storage", initHeld(noBucket), "failed", "no such bucket", /storage-initializer Error/],
    [
      "storage",
      { ...initHeld(stuck("PodInitializing")), events: [warning("FailedMount", 'configmap "flights-r3" not found')] },
      "waiting",
      "not found",
      /FailedMount/,
    ],
    ["digest", initHeld(otherFile), "failed", "sha256 differs", /storage-initializer/],
    ["digest", { modelDigest: "b".repeat(64) }, "failed", "made for the model aaaaaaaaaaaa", /model-digest/],
    ["load", held([crash]), "failed", "unsupported opset 99", /kserve-container Error/],
    ["load", held([memory]), "failed", "ran out of memory", /OOMKilled/],
    [
      "load",
      held([stuck("CreateContainerConfigError", 'secret "x" not found')]),
      "failed",
      'secret "x" not found',
      /CreateContainerConfigError/,
    ],
    ["load", held([{ ...RUNNING, ready: false, started: false }]), "waiting", "loads the model", /kserve-container/],
    [
      "warm_up",
      {
        ...held([{ ...RUNNING, ready: false }]),
        events: [warning("Unhealthy", "HTTP probe failed with statuscode: 400")],
      },
      "waiting",
      "statuscode: 400",
      /Unhealthy/,
    ],
    [
      "route",
      { route: object("HTTPRoute", "flights", { metadata: { creationTimestamp: ago(61) } }) },
      "failed",
      "no gateway has taken",
      /HTTPRoute flights/,
    ],
  ])("%s %#", (stage, change, state, reason, source) => {
    const found = obstacle(change);
    expect(found).toMatchObject({
      stage,
      state,
      reason: expect.stringContaining(reason),
      source: expect.stringMatching(source),
    });
    expect(found?.fix ?? "").not.toBe("");
  });
});

test("a Deployment that gave up has failed, whatever it was waiting for", () => {
  const progressing = {
    type: "Progressing",
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: "ReplicaSet has timed out progressing.",
  };
  const deployment = object("Deployment", "flights-r3-predictor", {
    spec: { replicas: 1 },
    status: { conditions: [progressing] },
  });
  expect(obstacle({ deployment, pods: [unscheduled("0/2 nodes", 5)] })).toMatchObject({
    state: "failed",
    reason: expect.stringContaining("timed out progressing"),
  });
});

test("pods of an older ReplicaSet, or on their way out, hide nothing of the newest", () => {
  const numbered = (name: string, uid: string, n: number) =>
    object("ReplicaSet", name, { metadata: { uid, annotations: { "deployment.kubernetes.io/revision": `${n}` } } });
  const newer = unscheduled("0/2 nodes", 5);
  const owned = {
    ...newer,
    metadata: { ...newer.metadata, name: "newer", ownerReferences: [{ kind: "ReplicaSet", name: "b", uid: "b" }] },
  };
  const change = { replicaSets: [numbered("a", "set", 1), numbered("b", "b", 2)], pods: [pod(), owned] };
  expect(obstacle(change)).toMatchObject({ stage: "scheduling", source: expect.stringContaining("newer") });
});

test("without a gateway there is no route to wait for; before it is taken a revision is loaded all the same", () => {
  expect(obstacle({ isRouted: false, route: null })).toBeNull();
  expect(isLoaded(readinessOf(facts({ route: null }), NOW))).toBe(true);
  expect(isLoaded(readinessOf(facts({ pods: [unscheduled("0/2 nodes", 5)] }), NOW))).toBe(false);
});

test("whatever is waited for has failed in the end", () => {
  const day = NOW + 86_400_000;
  const waiting: Partial<RevisionFacts>[] = [
    { pods: [unscheduled("0/2 nodes", 5)] },
    { deployment: null },
    { pods: [] },
    { pods: [pod({ containerStatuses: [{ ...RUNNING, ready: false, started: false }] })] },
    { route: object("HTTPRoute", "flights") },
  ];
  expect(waiting.map((change) => obstacle(change, day)?.state)).toEqual(waiting.map(() => "failed"));
});
