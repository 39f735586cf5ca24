import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { type FeasibilityAsked, loadFeasibility } from "@/lib/governance/commands/load-feasibility";

/** Throws `precondition` with the curves and alternatives where a measured curve shows that the contract cannot be kept. */
export async function refuseInfeasible(tx: Tx, asked: FeasibilityAsked, what: string): Promise<void> {
  const found = await loadFeasibility(tx, asked);
  if (found.verdict !== "infeasible") return;
  const versions = found.versions.filter(({ feasibility }) => feasibility?.verdict === "infeasible");
  const message = `${what}: a measured load curve shows that it cannot be kept. ${found.words}`;
  throw new AppError("precondition", message, undefined, {
    details: {
      curve: versions[0]?.curve ?? null,
      alternatives: versions[0]?.feasibility?.alternatives ?? [],
      versions,
    },
  });
}
