import { by, type Manifest } from "@/lib/serving/manifest";
import type { ManifestIdentity } from "@/lib/serving/manifest-input";
import { revisionMetadata } from "@/lib/serving/manifest-metadata";
import { pbtxt } from "@/lib/serving/pbtxt";
import type { ServingSpec } from "@/lib/serving/schema";
import { tritonConfig } from "@/lib/serving/triton-config";

/** Ports of Triton in a pod. */
export const TRITON_PORTS = { http: 8080, grpc: 9000, metrics: 8002 } as const;

/** Folder of the models: `<endpoint>/config.pbtxt` and `<endpoint>/<version>/<file>`. Not /mnt/models, which a read-only volume covers. */
export const REPOSITORY = "/models";

/** Ready only when the model is; a model that cannot be loaded ends the process, so that its reason is seen. */
const ARGUMENTS = [
  "tritonserver",
  `--model-repository=${REPOSITORY}`,
  `--http-port=${TRITON_PORTS.http}`,
  `--grpc-port=${TRITON_PORTS.grpc}`,
  `--metrics-port=${TRITON_PORTS.metrics}`,
  "--strict-readiness=true",
  "--exit-on-error=true",
  "--disable-auto-complete-config",
  "--metrics-config=histogram_latencies=true",
] as const;

/** What a revision's objects are made from. */
export type Served = {
  readonly endpoint: string;
  readonly namespace: string;
  readonly identity: ManifestIdentity;
  readonly spec: ServingSpec;
  /** Address of the model file. */
  readonly uri: string;
};

/** Triton by digest, for this revision alone: another image for new revisions restarts none of the old ones. */
export function servingRuntime(served: Served, image: string): Manifest {
  return {
    apiVersion: by("serving", "serving.kserve.io/v1alpha1"),
    kind: by("serving", "ServingRuntime"),
    metadata: revisionMetadata(served, "serving"),
    spec: {
      annotations: by("serving", {
        "prometheus.kserve.io/port": `${TRITON_PORTS.metrics}`,
        "prometheus.kserve.io/path": "/metrics",
      }),
      protocolVersions: by("serving", ["v2", "grpc-v2"]),
      supportedModelFormats: [by("serving", { name: "onnx", version: "1", autoSelect: false })],
      containers: [
        {
          name: by("serving", "kserve-container"),
          image: by("cluster", image),
          args: by("serving", ARGUMENTS),
          ports: [by("serving", { name: "http1", containerPort: TRITON_PORTS.http, protocol: "TCP" })],
          securityContext: by("serving", {
            runAsUser: 1000,
            runAsNonRoot: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
          }),
        },
      ],
    },
  };
}

/** The model's configuration, beside its file and outside of it: a contract changes how a model is served, not the model. */
export function tritonConfigMap(served: Served): Manifest {
  const { endpoint, spec, identity, uri } = served;
  return {
    apiVersion: by("identity", "v1"),
    kind: by("identity", "ConfigMap"),
    metadata: revisionMetadata(served, "identity"),
    data: { "config.pbtxt": pbtxt(tritonConfig({ endpoint, spec, identity, modelFile: modelFileOf(uri) })) },
  };
}

/** The name under which KServe stores what it reads: the last part of the path; in an image of models `model.onnx`. */
function modelFileOf(uri: string): string {
  if (uri.startsWith("oci")) return "model.onnx";
  const [path = ""] = uri.split(/[?#]/);
  return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
}
