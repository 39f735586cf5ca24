import { expect, test } from "vitest";
import { capacityProblem, gpuAskOf } from "./capacity";
import type { LiveObject, Node, Pod } from "./live-object";

const MIG = "nvidia.com/mig-1g.10gb";
const named = (kind: string, name: string): LiveObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "models" },
});
const node = (name: string, gpus: number, product = "H100"): Node => ({
  ...named("Node", name),
  metadata: { name, labels: { "nvidia.com/gpu.product": product } },
  status: { allocatable: { cpu: "64", [MIG]: `${gpus}` } },
});
const pod = (name: string, on: string, gpus: number): Pod => ({
  ...named("Pod", name),
  spec: { nodeName: on, containers: [{ name: "main", resources: { limits: { [MIG]: `${gpus}` } } }] },
  status: { phase: "Running" },
});
const ask = { resource: MIG, count: 1, replicas: 2, nodeSelector: { "nvidia.com/gpu.product": "H100" } };

test("what an InferenceService asks of GPUs is read from its limits", () => {
  const predictor = { minReplicas: 2, nodeSelector: {}, model: { resources: { limits: { cpu: "4", [MIG]: "1" } } } };
  expect(gpuAskOf({ ...named("InferenceService", "r3"), spec: { predictor } })).toEqual({ ...ask, nodeSelector: {} });
  expect(gpuAskOf({ ...named("InferenceService", "r3"), spec: { predictor: { model: {} } } })).toBeNull();
});

test("a revision that finds its GPUs beside what runs is let through", () => {
  expect(capacityProblem(ask, [node("a", 7)], [pod("x", "a", 5)])).toBeNull();
});

test("one that would wait for ever is told what is held and by whom, and what helps", () => {
  expect(capacityProblem(ask, [node("a", 7)], [pod("x", "a", 6)])).toBe(
    `it asks for 2 replicas of 1 ${MIG}, and of 7 there are 1 free, room for 1 (held by models/x): the revision in service ` +
      "keeps its own until the new one answers; free some, add a node, or sign for fewer replicas",
  );
});

test("the GPUs of a replica are on one node", () => {
  expect(capacityProblem({ ...ask, count: 4, replicas: 1 }, [node("a", 3), node("b", 3)], [])).toMatch(
    /there are 6 free, room for 0/,
  );
});

test("nodes of another product, and those that take no pods, do not count", () => {
  const cordoned = { ...node("b", 7), spec: { unschedulable: true } };
  expect(capacityProblem(ask, [node("a", 7, "A10"), cordoned], [])).toMatch(/no node with H100 has any/);
});
