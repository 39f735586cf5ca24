import { z } from "zod";

/** What a registered cluster offers, as it was found there. Stored with the cluster; manifests are compiled against it. */
export const clusterCapabilities = z.strictObject({
  /** Of the API server, for example `v1.36.3`. */
  version: z.string(),
  kserve: z.strictObject({ version: z.string() }).nullable(),
  gatewayApi: z.boolean(),
  envoyGateway: z.boolean(),
  /** Envoy Gateway takes `Backend` objects (its setting extensionApis.enableBackend); absent: not known, so none are made. */
  backends: z.boolean().optional(),
  keda: z.boolean(),
  prometheusOperator: z.boolean(),
  mesh: z.enum(["istio", "linkerd"]).nullable(),
  /** Pods can mount images as volumes (`oci+native://`). */
  imageVolumes: z.boolean(),
  gpuResources: z.array(
    z.strictObject({
      /** `nvidia.com/gpu`, `nvidia.com/mig-1g.10gb` (mixed strategy), `nvidia.com/gpu.shared` (time-sliced). */
      name: z.string(),
      /** Label `nvidia.com/gpu.product` of its nodes; null: they have none. */
      product: z.string().nullable(),
      /** Over all nodes. */
      allocatable: z.int().min(0),
      free: z.int().min(0),
    }),
  ),
  /** Where requests enter; null: none chosen. */
  gateway: z.strictObject({ name: z.string(), namespace: z.string() }).nullable(),
  prometheusUrl: z.string().nullable(),
  /** Images by digest (`registry/name@sha256:…`) that the cluster may pull; null: not set up. */
  images: z.strictObject({
    /** Triton Inference Server with its ONNX Runtime backend: tiers cpu and gpu. */
    triton: z
      .string()
      .regex(/^\S+@sha256:[0-9a-f]{64}$/, "an image with its digest: name@sha256:…")
      .nullable(),
  }),
});
export type ClusterCapabilities = z.output<typeof clusterCapabilities>;
