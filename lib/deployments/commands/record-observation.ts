import "server-only";
import type { Tx } from "@/lib/db";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { toStorable } from "@/lib/text";

/**
 * Stores what the target reports of an endpoint, as of `at`, and when its serving revision first answered. An older reading than the
 * stored one is left out, so that two workers do not turn back the clock.
 */
export async function recordObservation(tx: Tx, status: EndpointStatus, at: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE endpoint SET observed = ${JSON.stringify(status, toStorable)}::jsonb, observed_at = ${at}
    WHERE name = ${status.name} AND (observed_at IS NULL OR observed_at < ${at})`;
  if (status.state !== "ready" || status.serving === null) return;
  await tx.$executeRaw`
    UPDATE revision r SET served_at = ${at} FROM endpoint e
    WHERE r.name = ${status.serving} AND r.served_at IS NULL AND e.id = r.endpoint_id AND e.name = ${status.name}`;
}
