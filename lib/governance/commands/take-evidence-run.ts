import "server-only";
import type { Tx } from "@/lib/db";

const ROW = {
  contract: true,
  modelVersion: { include: { model: { select: { name: true } } } },
} as const;

/** A run whose worker was not heard of for so long is taken again. */
const SILENT_MS = 60_000;

/**
 * The oldest run that waits for a worker, made `running`; null: none. One that a dead worker left is taken again; one of a version that
 * is not verified yet waits. `now` is the current time.
 */
export async function takeEvidenceRun(tx: Tx, now: Date) {
  const silent = new Date(now.getTime() - SILENT_MS);
  const [found] = await tx.$queryRaw<{ id: string }[]>`
    SELECT run.id FROM evidence_run run JOIN model_version version ON version.id = run.model_version_id
    WHERE version.state <> 'pending'
      AND (run.state = 'queued' OR (run.state = 'running' AND coalesce(run.heartbeat_at, run.started_at) < ${silent}))
    ORDER BY run.created_at, run.id LIMIT 1
    FOR UPDATE OF run SKIP LOCKED`;
  if (!found) return null;
  return tx.evidenceRun.update({
    where: { id: found.id },
    data: { state: "running", startedAt: now, heartbeatAt: now, progress: { step: 0, steps: 1, text: "starting" } },
    include: ROW,
  });
}
