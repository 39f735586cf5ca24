// Small workloads that tests of the cluster put on fake nodes.
import type { Manifest, TestCluster } from "./harness";

export type Resources = Readonly<Record<string, string>>;

export const DEPLOYMENT = { apiVersion: "apps/v1", kind: "Deployment" };
export const POD = { apiVersion: "v1", kind: "Pod" };

/** Of a pod that runs on one node only, and goes at once. */
export function podSpec(node: string, resources: Resources): Record<string, unknown> {
  const container = {
    name: "main",
    image: "example.invalid/app:1",
    resources: { requests: resources, limits: resources },
  };
  return {
    terminationGracePeriodSeconds: 0,
    nodeSelector: { "kubernetes.io/hostname": node },
    containers: [container],
  };
}

/** `annotations`: of its pods, which steer the fake kubelet (stages.yaml). */
export function deployment(
  cluster: TestCluster,
  name: string,
  replicas: number,
  spec: Record<string, unknown>,
  annotations: Readonly<Record<string, string>> = {},
): Manifest {
  const labels = { app: name };
  const template = { metadata: { labels, annotations }, spec };
  return cluster.named("apps/v1", "Deployment", name, {
    spec: { replicas, selector: { matchLabels: labels }, template },
  });
}
