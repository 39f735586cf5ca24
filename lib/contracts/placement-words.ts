import type { ContractDocument, GpuShape } from "@/lib/contracts/document";
import { USUAL_PLACEMENT } from "@/lib/contracts/placement-form";

type Serving = ContractDocument["serving"];

export const TARGET_WORDS: Readonly<Record<Serving["target"], string>> = {
  local: "local runtime",
  kubernetes: "Kubernetes",
};

export const TIER_WORDS: Readonly<Record<Serving["tier"], string>> = { cpu: "CPU", gpu: "GPU", edge: "edge" };

/** "1 to 3 in one zone" */
export function replicaWords({ placement = USUAL_PLACEMENT }: Pick<Serving, "placement">): string {
  const { replicas, zones } = placement;
  const count = replicas.min === replicas.max ? String(replicas.min) : `${replicas.min} to ${replicas.max}`;
  return `${count} in ${zones === 1 ? "one zone" : `${zones} zones`}`;
}

/** How much of a GPU a replica gets. */
export function gpuWords(gpu: GpuShape | null): string {
  if (!gpu) return "none";
  if (gpu.kind === "whole") return gpu.count === 1 ? "one whole GPU" : `${gpu.count} whole GPUs`;
  if (gpu.kind === "mig") return `the partition ${gpu.profile} of a GPU`;
  return `a GPU shared in time with others, ${gpu.accepted ? "accepted by the signers" : "not accepted"}`;
}

/** Where it serves, in one sentence. */
export function placementSentence({ target, tier, placement }: Serving): string {
  const where = `${TARGET_WORDS[target]}, ${TIER_WORDS[tier]}`;
  if (target === "local") return `${upperFirst(where)}; one process.`;
  const gpu = placement?.gpu ? `, each with ${gpuWords(placement.gpu)}` : "";
  return `${where}; ${replicaWords(placement ? { placement } : {})}${gpu}.`;
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
