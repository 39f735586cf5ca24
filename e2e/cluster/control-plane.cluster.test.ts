import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { connect } from "@/lib/kubernetes/client";
import { conditionOf, eventually, type Found, isTrue, type Manifest, testCluster } from "./harness";
import { DEPLOYMENT, deployment, POD, podSpec } from "./workloads";

const cluster = await testCluster("control-plane");

type PodSpec = { readonly nodeName?: string };
type Replicas = { readonly availableReplicas?: number };

describe("the API server", () => {
  test("gives a custom resource the defaults of its schema, and refuses what the schema does", async () => {
    const name = "widgets.test.proviso.dev";
    const size = { type: "integer", maximum: 3, default: 2 };
    const spec = { type: "object", properties: { size } };
    const definition: Manifest = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name },
      spec: {
        group: "test.proviso.dev",
        scope: "Namespaced",
        names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
          },
        ],
      },
    };
    await cluster.apply(definition);
    const widget = (size?: number) => cluster.named("test.proviso.dev/v1", "Widget", `w${size}`, { spec: { size } });
    const made = await eventually(() => cluster.apply(widget()));
    expect(made.spec).toEqual({ size: 2 });
    await expect(cluster.apply(widget(4))).rejects.toMatchObject({ status: 422 });
    await cluster.remove(definition);
  });

  test("refuses a field to a second manager, naming the first", async () => {
    const map = (value: string) => cluster.named("v1", "ConfigMap", "owned", { data: { key: value } });
    await cluster.apply(map("one"), { manager: "first" });
    await expect(cluster.apply(map("two"), { manager: "second", force: false })).rejects.toMatchObject({
      status: 409,
      conflicts: [{ field: ".data.key", owner: "first" }],
    });
  });

  test("a watch sees an object that is made", async () => {
    const ended = new AbortController();
    const answer = await connect({ kind: "kubeconfig", text: readFileSync(cluster.kubeconfig, "utf8") })({
      method: "GET",
      path: `/api/v1/namespaces/${cluster.namespace}/configmaps`,
      query: { watch: "true", fieldSelector: "metadata.name=watched" },
      signal: ended.signal,
    });
    await cluster.apply(cluster.named("v1", "ConfigMap", "watched"));
    const events = answer.lines()[Symbol.asyncIterator]();
    const first = (await events.next()).value as string;
    ended.abort();
    expect(JSON.parse(first)).toMatchObject({ type: "ADDED", object: { metadata: { name: "watched" } } });
  });

  test.skipIf(!cluster.simulated)("refuses a user without rights", async () => {
    const viewer = path.join(path.dirname(cluster.kubeconfig), "viewer.kubeconfig");
    const answer = await connect({ kind: "kubeconfig", text: readFileSync(viewer, "utf8") })({
      method: "GET",
      path: `/api/v1/namespaces/${cluster.namespace}/pods`,
      signal: AbortSignal.timeout(20_000),
    });
    expect(answer.status).toBe(403);
  });
});

describe.skipIf(!cluster.simulated)("fake nodes", () => {
  const ONE = { cpu: "1", memory: "1Gi" };
  let gpus: string;
  let slices: string;
  beforeAll(async () => {
    const labels = { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" };
    gpus = await cluster.node("gpus", { "nvidia.com/gpu": "8" }, labels);
    slices = await cluster.node("slices", { "nvidia.com/mig-1g.10gb": "7" }, labels);
  });
  const available = async (object: Manifest) =>
    (await cluster.read<unknown, Replicas>(object))?.status?.availableReplicas ?? 0;
  const podOf = (app: string): Promise<Found<PodSpec>> =>
    eventually(async () => (await cluster.list<PodSpec, unknown>(POD, `app=${app}`))[0]);

  test("run a Deployment where there are MIG slices", async () => {
    const web = deployment(cluster, "web", 2, podSpec(slices, { ...ONE, "nvidia.com/mig-1g.10gb": "1" }));
    await cluster.apply(web);
    await eventually(async () => (await available(web)) === 2);
    const pods = await cluster.list<PodSpec, unknown>(POD, "app=web");
    expect(pods.map((pod) => pod.spec?.nodeName)).toEqual([slices, slices]);
  });

  test("leave a pod that is too large unscheduled, with the reason", async () => {
    await cluster.apply(deployment(cluster, "huge", 1, podSpec(gpus, { "nvidia.com/gpu": "9" })));
    const huge = await podOf("huge");
    const scheduled = await eventually(async () => conditionOf(await cluster.read(pod(huge)), "PodScheduled"));
    expect(scheduled).toMatchObject({ status: "False", reason: "Unschedulable" });
    expect(scheduled.message).toContain("1 Insufficient nvidia.com/gpu");
  });

  test("make a pod ready as late as it is told", async () => {
    const slow = deployment(cluster, "slow", 1, podSpec(gpus, ONE), { "simulate/ready-after": "2s" });
    await cluster.apply(slow);
    await eventually(async () => (await available(slow)) === 1);
    const found = await podOf("slow");
    const ready = Date.parse(conditionOf(found, "Ready")?.lastTransitionTime ?? "");
    // Both are whole seconds: two full seconds between them are at least two.
    expect(ready - Date.parse(found.metadata.creationTimestamp)).toBeGreaterThanOrEqual(2_000);
  });

  test("let a container crash with its message", async () => {
    const broken = deployment(cluster, "broken", 1, podSpec(gpus, ONE), { "simulate/crash": "out of memory" });
    await cluster.apply(broken);
    type Crashed = { containerStatuses?: { lastState: { terminated: { message: string } } }[] };
    const status = await eventually(async () => {
      const [found] = await cluster.list<unknown, Crashed>(POD, "app=broken");
      return found?.status?.containerStatuses?.[0];
    });
    expect(status.lastState.terminated.message).toBe("out of memory");
    expect(await available(broken)).toBe(0);
  });

  test("complete a Job", async () => {
    const job = cluster.named("batch/v1", "Job", "batch", {
      spec: { template: { spec: { restartPolicy: "Never", ...podSpec(gpus, ONE) } } },
    });
    await cluster.apply(job);
    await eventually(async () => isTrue(await cluster.read(job), "Complete"));
  });

  test("a pod of a Job that is deleted has failed, as with a real kubelet", async () => {
    const rules = [{ action: "FailJob", onExitCodes: { containerName: "main", operator: "In", values: [137] } }];
    const job = cluster.named("batch/v1", "Job", "killed", {
      spec: {
        podFailurePolicy: { rules },
        template: {
          metadata: { labels: { app: "killed" }, annotations: { "simulate/ready-after": "600s" } },
          spec: { restartPolicy: "Never", ...podSpec(gpus, ONE) },
        },
      },
    });
    await cluster.apply(job);
    const found = await podOf("killed");
    await eventually(async () => isTrue(await cluster.read(pod(found)), "PodScheduled"));
    await cluster.remove(pod(found));
    const failed = await eventually(async () => {
      const condition = conditionOf(await cluster.read(job), "Failed");
      return condition?.status === "True" && condition;
    });
    expect(failed.reason).toBe("PodFailurePolicy");
  });

  test("deleting a Deployment removes its pods", async () => {
    const gone = deployment(cluster, "gone", 2, podSpec(gpus, ONE));
    await cluster.apply(gone);
    await eventually(async () => (await available(gone)) === 2);
    await cluster.remove(gone);
    await eventually(async () => (await cluster.list(POD, "app=gone")).length === 0);
    expect((await cluster.list(DEPLOYMENT)).map((each) => each.metadata.name)).not.toContain("gone");
  });

  const pod = (found: Found): Manifest => cluster.named("v1", "Pod", found.metadata.name);
});
