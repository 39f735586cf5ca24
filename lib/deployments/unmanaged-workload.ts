import { z } from "zod";

/** Something that answers predictions in a cluster, as far as one can tell from outside, and that no contract of ours asks for. */
export const unmanagedWorkload = z.strictObject({
  kind: z.enum(["InferenceService", "Deployment"]),
  namespace: z.string(),
  name: z.string(),
  /** Model address or image; null: it does not say. */
  what: z.string().nullable(),
  /** GPUs or slices of GPUs that one replica asks for. */
  gpus: z.int().min(0),
  /** Null: something else scales it. */
  replicas: z.int().min(0).nullable(),
  /** Who owns it, from its labels, for example `Argo CD: fraud`; null: no hint. */
  owner: z.string().nullable(),
});
export type UnmanagedWorkload = z.output<typeof unmanagedWorkload>;

/** What is stored of one look: all are counted, the first ones kept. */
export const unmanagedWorkloads = z.strictObject({ total: z.int().min(0), items: z.array(unmanagedWorkload) });
export type UnmanagedWorkloads = z.output<typeof unmanagedWorkloads>;

/** More than anybody reads on a page; the rest is counted. */
export const MOST_UNMANAGED = 200;
