import type { ContractDocument } from "@/lib/contracts/document";
import type { DocumentProblem } from "@/lib/contracts/document-problem";

/** What is wrong with what a cluster is asked for, whatever the cluster. A contract without a placement: nothing. */
export function placementProblems({ serving }: ContractDocument): DocumentProblem[] {
  const { target, placement } = serving;
  if (!placement) return [];
  if (target === "local") {
    const message = "the local runtime is one process: a placement is for the target kubernetes";
    return [{ path: "serving.placement", message }];
  }
  const { replicas, zones } = placement;
  if (zones <= replicas.min) return [];
  const least = replicas.min === 1 ? "one replica is" : `${replicas.min} replicas are`;
  return [{ path: "serving.placement.zones", message: `${least} not in ${zones} zones: ask for at least ${zones}` }];
}
