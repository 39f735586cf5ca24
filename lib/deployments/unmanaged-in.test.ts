import { expect, test } from "vitest";
import { unmanagedIn, type WorkloadFact } from "./unmanaged-in";
import { MOST_UNMANAGED } from "./unmanaged-workload";

const limits = { "nvidia.com/gpu": "1", cpu: "4" };
const service = (name: string, metadata: object = {}, predictor: object = {}): WorkloadFact => ({
  kind: "InferenceService",
  metadata: { name, namespace: "risk", ...metadata },
  spec: { predictor },
});
const deployment = (name: string, metadata: object = {}, containers: readonly object[] = []): WorkloadFact => ({
  kind: "Deployment",
  metadata: { name, namespace: "risk", ...metadata },
  spec: { replicas: 2, template: { spec: { containers } } },
});
const gpuContainer = { image: "vllm/vllm-openai:v1", resources: { limits } };

test("what serves without a contract is listed with what it runs, GPUs and who owns it", () => {
  const labels = { "argocd.argoproj.io/instance": "fraud" };
  const model = { storageUri: "s3://models/fraud", resources: { limits } };
  const found = unmanagedIn(
    [service("fraud", { labels }, { model, minReplicas: 3 })],
    [deployment("llm", { annotations: { "meta.helm.sh/release-name": "chat" } }, [{ image: "proxy" }, gpuContainer])],
  );
  expect(found).toEqual({
    total: 2,
    items: [
      {
        kind: "InferenceService",
        namespace: "risk",
        name: "fraud",
        what: "s3://models/fraud",
        gpus: 1,
        replicas: 3,
        owner: "Argo CD: fraud",
      },
      {
        kind: "Deployment",
        namespace: "risk",
        name: "llm",
        what: "vllm/vllm-openai:v1",
        gpus: 1,
        replicas: 2,
        owner: "Helm: chat",
      },
    ],
  });
});

test("ours, what a controller made, and Deployments without a GPU are left out", () => {
  const ours = { labels: { "app.kubernetes.io/managed-by": "proviso", "proviso.dev/endpoint": "risk" } };
  const made = { ownerReferences: [{ kind: "InferenceService" }] };
  const found = unmanagedIn(
    [service("ours-r1", ours)],
    [deployment("ours-r1-predictor", made, [gpuContainer]), deployment("web", {}, [{ image: "nginx" }])],
  );
  expect(found).toEqual({ total: 0, items: [] });
});

test("somebody else who says to be managed by proviso, but of no endpoint, is no endpoint of ours", () => {
  const labels = { "app.kubernetes.io/managed-by": "proviso" };
  expect(unmanagedIn([service("stranger", { labels })], []).total).toBe(1);
});

test("all are counted, the first ones kept", () => {
  const many = Array.from({ length: MOST_UNMANAGED + 5 }, (_, i) => service(`s-${String(i).padStart(4, "0")}`));
  const { total, items } = unmanagedIn(many, []);
  expect([total, items.length, items[0]?.name]).toEqual([MOST_UNMANAGED + 5, MOST_UNMANAGED, "s-0000"]);
});
