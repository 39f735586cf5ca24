import type { GpuShape, Placement } from "@/lib/contracts/document";
import { parseNumber } from "@/lib/contracts/form-values";

/** The placement as it is typed; what belongs to another target or another shape of GPU keeps what was typed. */
export type PlacementForm = Readonly<
  Record<"minReplicas" | "maxReplicas" | "zones" | "gpuCount" | "profile", string>
> & {
  /** Whether the contract states a placement at all. */
  readonly stated: boolean;
  readonly gpu: GpuShape["kind"] | "none";
  /** The signers accept that a GPU is shared in time. */
  readonly accepted: boolean;
};

/** What a cluster is asked for where a contract states nothing. */
export const USUAL_PLACEMENT: Placement = { replicas: { min: 1, max: 3 }, zones: 1, gpu: null };

export function toPlacementForm(stated: Placement | undefined): PlacementForm {
  const { replicas, zones, gpu } = stated ?? USUAL_PLACEMENT;
  return {
    stated: stated !== undefined,
    minReplicas: String(replicas.min),
    maxReplicas: String(replicas.max),
    zones: String(zones),
    gpu: gpu?.kind ?? "none",
    gpuCount: gpu?.kind === "whole" ? String(gpu.count) : "1",
    profile: gpu?.kind === "mig" ? gpu.profile : "1g.10gb",
    accepted: gpu?.kind === "time_sliced" && gpu.accepted,
  };
}

/** What was typed, in the shape of the document; undefined: the contract states no placement. */
export function rawPlacement(form: PlacementForm): unknown {
  if (!form.stated) return undefined;
  return {
    replicas: { min: parseNumber(form.minReplicas), max: parseNumber(form.maxReplicas) },
    zones: parseNumber(form.zones),
    gpu: rawGpu(form),
  };
}

function rawGpu({ gpu, gpuCount, profile, accepted }: PlacementForm): unknown {
  if (gpu === "none") return null;
  if (gpu === "whole") return { kind: gpu, count: parseNumber(gpuCount) };
  return gpu === "mig" ? { kind: gpu, profile } : { kind: gpu, accepted };
}
