import "server-only";
import type { Tx } from "@/lib/db";

/**
 * Queues what happened to an alert for those who know that it fires: channels whose message was taken, is still on its way, or may have been
 * taken. A message that is still being tried is given up when the alert is over: late news of it would only mislead.
 */
export async function queueNews(
  tx: Tx,
  alertId: string,
  event: "resolved" | "acknowledged",
  now: number,
): Promise<void> {
  const sent = await tx.alertDelivery.findMany({ where: { alertId }, include: { channel: true } });
  const firing = sent.filter((one) => one.event === "firing");
  const told = firing.filter(({ state, attempts }) => state === "delivered" || state === "pending" || attempts > 0);
  const known = new Set(sent.filter((one) => one.event === event).map(({ channelId }) => channelId));
  const at = new Date(now);
  const takes = ({ channel }: (typeof sent)[number]) =>
    channel.enabled && channel.removedAt === null && (event === "resolved" || channel.kind !== "alertmanager");
  await tx.alertDelivery.createMany({
    data: told
      .filter((one) => takes(one) && !known.has(one.channelId))
      .map(({ channelId }) => ({ alertId, channelId, event, nextAttemptAt: at })),
  });
  if (event !== "resolved") return;
  await tx.alertDelivery.updateMany({
    where: { alertId, event: { not: "resolved" }, state: "pending", attempts: { gt: 0 } },
    data: { state: "failed", lastError: "given up: the alert is over" },
  });
  // Nobody was told, so there is nothing to tell any more.
  await tx.alertDelivery.updateMany({
    where: { alertId, event: "firing", state: "silenced" },
    data: { lastError: "over while it was silenced" },
  });
}
