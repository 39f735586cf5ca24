import "server-only";
import type { Tx } from "@/lib/db";

/** Longer than a try takes: a worker that dies with a message in its hand leaves it to the next one after so long. */
const LEASE_MS = 60_000;

/**
 * Takes up to `limit` messages that are due at `now`, counts the try, and keeps other workers from them for a minute. Messages about one alert to
 * one channel go out in order. An Alertmanager is told again while the alert fires, or it would believe it to be over.
 */
export async function claimDeliveries(tx: Tx, now: number, limit: number): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE alert_delivery SET attempts = CASE WHEN state = 'pending' THEN attempts + 1 ELSE attempts END,
      next_attempt_at = ${new Date(now + LEASE_MS)}
    WHERE id IN (
      SELECT d.id FROM alert_delivery d JOIN alert_channel c ON c.id = d.channel_id JOIN alert a ON a.id = d.alert_id
      WHERE d.next_attempt_at <= ${new Date(now)} AND c.enabled AND c.removed_at IS NULL
        AND (
          (d.state = 'pending' AND (d.event = 'firing' OR NOT EXISTS (
            SELECT 1 FROM alert_delivery f WHERE f.alert_id = d.alert_id AND f.channel_id = d.channel_id AND f.event = 'firing'
              AND f.state = 'pending')))
          OR (d.state = 'delivered' AND d.event = 'firing' AND c.kind = 'alertmanager' AND a.state = 'firing')
        )
      ORDER BY d.next_attempt_at, d.id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED
    )
    RETURNING id::text`;
  return rows.map(({ id }) => id);
}
