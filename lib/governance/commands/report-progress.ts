import "server-only";
import type { Tx } from "@/lib/db";
import type { RunProgress } from "@/lib/governance/evidence-run";

/** Says where a run is and that its worker lives. False: it is not running any more (cancelled), and the worker stops. */
export async function reportProgress(tx: Tx, id: string, progress: RunProgress | null, now: Date): Promise<boolean> {
  const { count } = await tx.evidenceRun.updateMany({
    where: { id, state: "running" },
    data: { heartbeatAt: now, ...(progress && { progress }) },
  });
  return count === 1;
}
