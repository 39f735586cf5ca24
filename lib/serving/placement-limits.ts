import type { ContractDocument } from "@/lib/contracts/document";
import { productsWith } from "@/lib/serving/gpu-shape";

/** What of a placement no cluster can do, or no promise survives: in the way of signing. */
export type PlacementLimit = {
  /** Field of the contract. */
  readonly path: string;
  readonly reason: string;
  readonly fix: string;
};

const GPU = "serving.placement.gpu";

/** Whether tier, GPU shape and promises go together, whatever the cluster. Without a placement for a cluster: nothing is said. */
export function placementLimits({ serving, clauses }: ContractDocument): PlacementLimit[] {
  const { target, tier, placement } = serving;
  if (target !== "kubernetes") return [];
  const gpu = placement?.gpu ?? null;
  if (tier === "gpu" && !gpu) {
    const fix = "choose a whole GPU or a partition of one, or the tier cpu";
    return [{ path: GPU, reason: "the tier gpu needs to know how much of a GPU a replica gets", fix }];
  }
  if (tier !== "gpu" && gpu) {
    const reason = `the tier ${tier} asks for no GPU, and the placement does`;
    return [{ path: GPU, reason, fix: "choose the tier gpu, or take the GPU out of the placement" }];
  }
  if (gpu?.kind === "mig" && productsWith(gpu.profile).length === 0) {
    const fix = "choose one that its GPUs have, for example 1g.10gb";
    return [{ path: `${GPU}.profile`, reason: `no GPU has the partition ${gpu.profile}`, fix }];
  }
  const latencies = clauses.filter(({ kind }) => kind === "latency").map(({ id }) => id);
  if (gpu?.kind !== "time_sliced" || gpu.accepted || latencies.length === 0) return [];
  const reason = `a GPU that is shared in time gives ${latencies.join(" and ")} to whoever else runs on it: nothing keeps a latency there`;
  const fix = "choose a partition or a whole GPU, or have the signers accept it (accepted: true)";
  return [{ path: `${GPU}.accepted`, reason, fix }];
}
