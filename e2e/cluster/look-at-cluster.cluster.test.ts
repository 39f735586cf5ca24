import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { NO_CONFIG } from "@/lib/deployments/cluster-config";
import { capabilitiesFrom, problemOf } from "@/lib/deployments/cluster-facts";
import { clusterRoleYaml } from "@/lib/deployments/cluster-role";
import { readKubeconfig } from "@/lib/deployments/kubeconfig";
import { unmanagedIn } from "@/lib/deployments/unmanaged-in";
import { connect } from "@/lib/kubernetes/client";
import { readCluster } from "@/worker/read-cluster";
import { eventually, type Manifest, testCluster } from "./harness";
import { deployment, podSpec } from "./workloads";

const cluster = await testCluster("look-at-cluster");
const admin = readFileSync(cluster.kubeconfig, "utf8");

/** The credentials of our account, made as the page of a cluster tells it. */
async function ownKubeconfig(): Promise<string> {
  const path = `/api/v1/namespaces/${cluster.namespace}/serviceaccounts/proviso/token`;
  const body = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });
  const signal = AbortSignal.timeout(20_000);
  const answer = await connect({ kind: "kubeconfig", text: admin })({ method: "POST", path, body, signal });
  const { status } = JSON.parse(await answer.text());
  const read = readKubeconfig(admin);
  if (!read.ok) throw new Error(read.problem);
  return JSON.stringify({ ...JSON.parse(read.kept), users: [{ name: "proviso", user: { token: status.token } }] });
}

test.skipIf(!cluster.simulated)(
  "an account with the generated role, and nothing more, sees all that is looked for",
  async () => {
    for (const document of parseAllDocuments(clusterRoleYaml(cluster.namespace))) {
      await cluster.apply(document.toJS() as Manifest);
    }
    const node = await cluster.node("look-gpu", { "nvidia.com/gpu": "4" }, { "nvidia.com/gpu.product": "TEST-GPU" });
    await cluster.apply(deployment(cluster, "stranger", 1, podSpec(node, { "nvidia.com/gpu": "1" })));
    const transport = connect({ kind: "kubeconfig", text: await ownKubeconfig() });
    // The authorizer hears of a new role a moment later.
    const facts = await eventually(async () => {
      const read = await readCluster(transport, cluster.namespace);
      expect(problemOf(read, cluster.namespace, { ...NO_CONFIG, kserveVersion: "v0.20.0" })).toBeNull();
      return read;
    });
    const { version, gpuResources } = capabilitiesFrom(facts, NO_CONFIG);
    expect(version).toMatch(/^v\d+\.\d+/);
    expect(gpuResources).toContainEqual(expect.objectContaining({ product: "TEST-GPU", allocatable: 4 }));
    const { items } = unmanagedIn(facts.inferenceServices ?? [], facts.deployments ?? []);
    expect(items).toContainEqual(expect.objectContaining({ namespace: cluster.namespace, name: "stranger", gpus: 1 }));
  },
);

test("a namespace that is not there is a problem with the command that makes it", async () => {
  const read = await readCluster(connect({ kind: "kubeconfig", text: admin }), "no-such-namespace");
  expect(problemOf(read, "no-such-namespace", NO_CONFIG)).toContain("kubectl create namespace no-such-namespace");
});

test.skipIf(!cluster.simulated)("an account without the role is told which rights it lacks", async () => {
  const text = readFileSync(path.join(path.dirname(cluster.kubeconfig), "viewer.kubeconfig"), "utf8");
  const read = await readCluster(connect({ kind: "kubeconfig", text }), cluster.namespace);
  expect(problemOf(read, cluster.namespace, NO_CONFIG)).toContain("apply the role");
});
