import { beforeAll, describe, expect, test } from "vitest";
import { compileManifests } from "@/lib/serving/compile-manifests";
import { objectOf } from "@/lib/serving/manifest";
import { CLUSTER_CONTRACTS, clusterInput, clusterRevision } from "@/lib/serving/test-clusters";
import { eventually, isTrue, type Manifest, testCluster } from "./harness";
import { POD } from "./workloads";

const cluster = await testCluster("manifests");

/** What a contract compiles to, for an endpoint of this name; without the kinds that the cluster does not serve. */
function objectsOf(endpoint: string): readonly Manifest[] {
  const document = CLUSTER_CONTRACTS[endpoint];
  if (!document) throw new RangeError(`there is no contract ${endpoint}`);
  const one = clusterRevision(document, 2);
  const revision = { ...one, identity: { ...one.identity, revision: `${endpoint}-r2` } };
  const { manifests } = compileManifests({ ...clusterInput([revision]), endpoint, namespace: cluster.namespace });
  return (manifests.map(objectOf) as unknown as Manifest[]).filter(({ apiVersion }) => {
    const [group = "", version] = apiVersion.split("/");
    return version === undefined || cluster.has(group);
  });
}

const REVISION = "proviso.dev/revision";

describe.skipIf(!(cluster.simulated && cluster.has("serving.kserve.io")))("what contracts compile to", () => {
  beforeAll(async () => {
    const zone = (name: string) => ({ "topology.kubernetes.io/zone": name });
    for (const each of ["a", "b", "c"]) await cluster.node(each, {}, zone(each));
    const h100 = { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" };
    await cluster.node("whole", { "nvidia.com/gpu": "8" }, h100);
    await cluster.node("mig", { "nvidia.com/mig-1g.10gb": "7" }, h100);
    await cluster.node("shared", { "nvidia.com/gpu.shared": "8" }, { "nvidia.com/gpu.product": "NVIDIA-A10G-SHARED" });
  });

  test.each(Object.keys(CLUSTER_CONTRACTS))(
    "%s: every object is taken, and is found as it was applied",
    async (name) => {
      for (const object of objectsOf(name)) {
        await cluster.apply(object, { manager: "proviso" });
        const found = await cluster.read(object);
        const { metadata: _, ...body } = object;
        expect(found, object.kind).toMatchObject(body);
        expect(found?.metadata.labels, object.kind).toEqual(object.metadata.labels);
      }
    },
  );

  test.each(Object.keys(CLUSTER_CONTRACTS))("%s: its revision becomes ready where it asks to be", async (name) => {
    const service = objectsOf(name).find(({ kind }) => kind === "InferenceService");
    if (!service) throw new Error("there is no InferenceService");
    await eventually(async () => isTrue(await cluster.read(service), "Ready"));
    const [pod] = await cluster.list<{ containers: { name: string; volumeMounts: { mountPath: string }[] }[] }, never>(
      POD,
      `${REVISION}=${name}-r2`,
    );
    const paths = pod?.spec?.containers.find((each) => each.name === "kserve-container")?.volumeMounts ?? [];
    expect(paths.map(({ mountPath }) => mountPath)).toEqual(
      expect.arrayContaining([`/models/${name}/config.pbtxt`, `/models/${name}/2`]),
    );
  });
});
