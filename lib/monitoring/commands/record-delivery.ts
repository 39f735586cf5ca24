import "server-only";
import type { Tx } from "@/lib/db";
import { type Try, verdictOf } from "@/lib/monitoring/delivery-rules";

/** Well below the time after which an Alertmanager drops an alert that it is not told of again. */
const AGAIN_MS = 60_000;

/** Notes what came of a try: taken, to be tried again, or given up. What was taken before stays taken when telling it again fails. */
export async function recordDelivery(tx: Tx, deliveryId: string, tried: Try, now: number): Promise<void> {
  const row = await tx.alertDelivery.findUniqueOrThrow({ where: { id: deliveryId } });
  const { state, status, error, waitMs } = verdictOf(tried, row.attempts, now - row.createdAt.getTime());
  if (row.state === "delivered") {
    const next = new Date(now + AGAIN_MS);
    await tx.alertDelivery.update({
      where: { id: deliveryId },
      data: { lastStatus: status, lastError: error, nextAttemptAt: next },
    });
    return;
  }
  // Given up or silenced meanwhile: only what was taken counts for more.
  if (row.state !== "pending" && state !== "delivered") return;
  await tx.alertDelivery.update({
    where: { id: deliveryId },
    data: {
      ...{ state, lastStatus: status, lastError: error },
      nextAttemptAt: new Date(now + (waitMs ?? AGAIN_MS)),
      ...(state === "delivered" && { deliveredAt: new Date(now) }),
    },
  });
}
