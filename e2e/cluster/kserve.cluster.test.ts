import { beforeAll, describe, expect, test } from "vitest";
import { conditionOf, eventually, isTrue, type Manifest, testCluster } from "./harness";
import { DEPLOYMENT, POD, type Resources } from "./workloads";

const cluster = await testCluster("kserve");

const OF_SERVICE = "serving.kserve.io/inferenceservice";
const SLICE = { cpu: "4", memory: "8Gi", "nvidia.com/mig-1g.10gb": "1" };

type Status = {
  readonly address?: { readonly url: string };
  readonly modelStatus?: {
    readonly states?: { readonly activeModelState: string; readonly targetModelState: string };
    readonly transitionStatus?: string;
    readonly lastFailureInfo?: { readonly reason: string; readonly message: string; readonly exitCode: number };
  };
};
type PodSpec = { readonly initContainers?: readonly { readonly name: string }[] };

describe.skipIf(!(cluster.simulated && cluster.has("serving.kserve.io")))("KServe", () => {
  let node: string;
  beforeAll(async () => {
    node = await cluster.node("gpus", { "nvidia.com/gpu": "8", "nvidia.com/mig-1g.10gb": "7" });
    await cluster.apply(runtime);
  });

  const runtime = cluster.named("serving.kserve.io/v1alpha1", "ServingRuntime", "triton", {
    spec: {
      protocolVersions: ["v2", "grpc-v2"],
      supportedModelFormats: [{ name: "onnx", version: "1", autoSelect: false }],
      containers: [
        {
          name: "kserve-container",
          image: "example.invalid/tritonserver:1",
          args: ["tritonserver", "--model-repository=/mnt/models", "--http-port=8080"],
          ports: [{ name: "http1", containerPort: 8080, protocol: "TCP" }],
        },
      ],
    },
  });

  function service(name: string, resources: Resources, ofPods: Readonly<Record<string, string>> = {}): Manifest {
    const model = {
      runtime: "triton",
      modelFormat: { name: "onnx", version: "1" },
      protocolVersion: "v2",
      storageUri: "s3://models/fraud/8",
      resources: { requests: resources, limits: resources },
    };
    return cluster.named("serving.kserve.io/v1beta1", "InferenceService", name, {
      metadata: {
        labels: { "networking.kserve.io/visibility": "cluster-local" },
        annotations: {
          "serving.kserve.io/deploymentMode": "Standard",
          "serving.kserve.io/autoscalerClass": "external",
        },
      },
      spec: {
        predictor: {
          minReplicas: 2,
          maxReplicas: 4,
          terminationGracePeriodSeconds: 0,
          nodeSelector: { "kubernetes.io/hostname": node },
          annotations: ofPods,
          model,
        },
      },
    });
  }
  const podsOf = (name: string) => cluster.list<PodSpec, unknown>(POD, `${OF_SERVICE}=${name}`);

  test("an InferenceService becomes Ready, has loaded its model and says where it answers", async () => {
    const fraud = service("fraud-v8", SLICE);
    await cluster.apply(fraud);
    const ready = await eventually(async () => {
      const found = await cluster.read<unknown, Status>(fraud);
      return isTrue(found, "Ready") && found;
    });
    expect(ready.status?.address?.url).toBe(`http://fraud-v8-predictor.${cluster.namespace}.svc.cluster.local`);
    expect(ready.status?.modelStatus).toMatchObject({
      states: { activeModelState: "Loaded", targetModelState: "Loaded" },
      transitionStatus: "UpToDate",
    });
    const [pod] = await podsOf("fraud-v8");
    expect(pod?.spec?.initContainers?.map((each) => each.name)).toContain("storage-initializer");
  });

  test("with an external autoscaler the number of replicas is left to it", async () => {
    await cluster.apply(service("replicas", SLICE));
    const made = await eventually(async () =>
      (await cluster.list<{ replicas: number }, unknown>(DEPLOYMENT, `${OF_SERVICE}=replicas`)).at(0),
    );
    expect(made.spec?.replicas).toBe(1);
  });

  test("the webhook refuses a name that cannot be one of a host", async () => {
    await expect(cluster.apply(service("8fraud", SLICE))).rejects.toThrow(/admission webhook/);
  });

  test("a model that cannot be fetched is reported with what the fetcher said", async () => {
    const broken = service("broken", SLICE, { "simulate/init-crash": "no such bucket" });
    await cluster.apply(broken);
    const failure = await eventually(
      async () => (await cluster.read<unknown, Status>(broken))?.status?.modelStatus?.lastFailureInfo,
    );
    expect(failure).toMatchObject({ reason: "ModelLoadFailed", message: "no such bucket", exitCode: 1 });
  });

  test("a service that fits no node is not Ready; only its pod knows why", async () => {
    const large = service("large", { ...SLICE, "nvidia.com/gpu": "9" });
    await cluster.apply(large);
    const pod = await eventually(async () => (await podsOf("large"))[0]);
    const scheduled = await eventually(async () => {
      const found = await cluster.read(cluster.named("v1", "Pod", pod.metadata.name));
      return conditionOf(found, "PodScheduled");
    });
    expect(scheduled).toMatchObject({ status: "False", reason: "Unschedulable" });
    const reported = await eventually(async () => {
      const found = await cluster.read(large);
      return conditionOf(found, "PredictorReady") && found;
    });
    expect(isTrue(reported, "Ready")).toBe(false);
    expect(JSON.stringify(reported.status)).not.toContain("nvidia.com/gpu");
  });

  // The garbage collector of a fresh cluster learns of new kinds only after half a minute.
  test("deleting an InferenceService removes its pods", { timeout: 90_000 }, async () => {
    const gone = service("gone", SLICE);
    await cluster.apply(gone);
    await eventually(async () => (await podsOf("gone")).length > 0);
    await cluster.remove(gone);
    await eventually(async () => (await podsOf("gone")).length === 0, 80);
  });
});
