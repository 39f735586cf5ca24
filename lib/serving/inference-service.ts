import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { gpuRequestOf } from "@/lib/serving/gpu-shape";
import { by, type Json, type Manifest, type Part } from "@/lib/serving/manifest";
import { REVISION_LABEL, revisionMetadata } from "@/lib/serving/manifest-metadata";
import { placementOf } from "@/lib/serving/spec-placement";
import { rulesOf, textAt, valueAt } from "@/lib/serving/spec-values";
import { CPU_INSTANCES } from "@/lib/serving/triton-config";
import { REPOSITORY, type Served, TRITON_PORTS } from "@/lib/serving/triton-runtime";

/** Seconds in which gateways learn that a pod is going, before it refuses. */
const DRAIN_SECONDS = 5;

/** Seconds that a request may take where no deadline is signed. */
const LONGEST_SECONDS = 60;

/**
 * One revision in Standard mode: reachable inside the cluster only, scaled by an object of ours and not by KServe.
 * Everything that KServe's webhooks would fill in is said, so that what is applied is what is found.
 */
export function inferenceService(served: Served, cluster: ClusterCapabilities): Manifest {
  const annotations = {
    "serving.kserve.io/deploymentMode": "Standard",
    "serving.kserve.io/autoscalerClass": "external",
    "serving.kserve.io/enable-prometheus-scraping": "true",
    modelFormat: "onnx",
  };
  const labels = { "networking.kserve.io/visibility": "cluster-local" };
  return {
    apiVersion: by("serving", "serving.kserve.io/v1beta1"),
    kind: by("serving", "InferenceService"),
    metadata: revisionMetadata(served, "serving", { labels, annotations }),
    spec: { predictor: predictor(served, cluster) },
  };
}

function predictor(served: Served, cluster: ClusterCapabilities): Part {
  const { endpoint, identity, spec, uri } = served;
  const { replicas } = placementOf(spec);
  const gpu = gpuOf(served);
  return {
    automountServiceAccountToken: by("serving", false),
    minReplicas: by("serving", replicas.min),
    maxReplicas: by("serving", replicas.max),
    nodeSelector: gpu && nodeSelector(gpu.resource, cluster),
    tolerations: gpu && by("serving", [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]),
    // A GPU is seldom spare: a new pod waits for the place of an old one.
    deploymentStrategy: by("serving", {
      type: "RollingUpdate",
      rollingUpdate: gpu ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 },
    }),
    terminationGracePeriodSeconds: by("serving", graceSeconds(served)),
    topologySpreadConstraints: spread(served),
    storageUris: [
      { uri: by("identity", uri), mountPath: by("identity", `${REPOSITORY}/${endpoint}/${identity.modelVersion}`) },
    ],
    volumes: [by("identity", { name: "triton-config", configMap: { name: identity.revision } })],
    model: {
      runtime: by("identity", identity.revision),
      modelFormat: by("serving", { name: "onnx", version: "1" }),
      protocolVersion: by("serving", "v2"),
      ...container(served, gpu),
    },
  };
}

function container({ endpoint }: Served, gpu: Gpu | undefined): { [key: string]: Part } {
  const port = TRITON_PORTS.http;
  const ready = { httpGet: { path: `/v2/models/${endpoint}/ready`, port, scheme: "HTTP" } };
  const live = { httpGet: { path: "/v2/health/live", port, scheme: "HTTP" } };
  const resources: Json = gpu
    ? { cpu: "4", memory: "8Gi", [gpu.resource]: `${gpu.count}` }
    : { cpu: `${CPU_INSTANCES}`, memory: "2Gi" };
  return {
    // The same requests and limits: nobody else's load is in the latency.
    resources: by("serving", { requests: resources, limits: resources }),
    volumeMounts: [
      by("identity", {
        name: "triton-config",
        mountPath: `${REPOSITORY}/${endpoint}/config.pbtxt`,
        subPath: "config.pbtxt",
        readOnly: true,
      }),
    ],
    // Engines are built and warmed up before a model is ready: ten minutes.
    startupProbe: by("serving", { ...ready, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 120 }),
    readinessProbe: by("serving", { ...ready, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 }),
    livenessProbe: by("serving", { ...live, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }),
    lifecycle: by("serving", { preStop: { sleep: { seconds: DRAIN_SECONDS } } }),
  };
}

type Gpu = ReturnType<typeof gpuRequestOf>;

function gpuOf({ spec }: Served): Gpu | undefined {
  const { gpu } = placementOf(spec);
  return textAt(spec, "placement.tier") === "gpu" && gpu ? gpuRequestOf(gpu) : undefined;
}

/** Nodes of one product, the one of which there is most: replicas of a revision are alike. */
function nodeSelector(resource: string, { gpuResources }: ClusterCapabilities): Part | undefined {
  const [most] = gpuResources
    .filter(({ name, product }) => name === resource && product !== null)
    .sort((a, b) => b.allocatable - a.allocatable || (`${a.product}` < `${b.product}` ? -1 : 1));
  return most && by("cluster", { "nvidia.com/gpu.product": most.product });
}

function graceSeconds({ spec }: Served): number {
  const deadlineMs = valueAt(spec, "limits.deadlineMs");
  const longest = typeof deadlineMs === "number" ? Math.ceil(deadlineMs / 1000) : LONGEST_SECONDS;
  // Triton itself takes up to thirty seconds to unload.
  return DRAIN_SECONDS + longest + 30;
}

/** Over so many zones as are signed; a promise of availability keeps replicas off one node where it can. */
function spread({ spec, identity }: Served): Part | undefined {
  const { zones } = placementOf(spec);
  const labelSelector = { matchLabels: { [REVISION_LABEL]: identity.revision } };
  const over = (topologyKey: string) => ({ maxSkew: 1, topologyKey, labelSelector });
  const zone = { ...over("topology.kubernetes.io/zone"), whenUnsatisfiable: "DoNotSchedule", minDomains: zones };
  const node = { ...over("kubernetes.io/hostname"), whenUnsatisfiable: "ScheduleAnyway" };
  const [availability] = rulesOf(spec, "success_ratio");
  const parts = [...(zones > 1 ? [by("serving", zone)] : []), ...(availability ? [by(availability.id, node)] : [])];
  return parts.length > 0 ? parts : undefined;
}
