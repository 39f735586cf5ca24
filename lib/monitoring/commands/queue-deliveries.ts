import "server-only";
import type { Tx } from "@/lib/db";
import { isFor, type SilenceRow, silenceOf } from "@/lib/monitoring/alert-rules";

type Told = {
  readonly id: string;
  readonly severity: string;
  readonly clauseId: string | null;
  readonly endpointId: string | null;
};

/**
 * Brings the messages about a firing alert to what they should be at `now`: one to every enabled channel that takes it, also to one that was
 * added meanwhile; silenced ones go out when the silence is over and the trouble is not.
 */
export async function queueDeliveries(
  tx: Tx,
  alert: Told,
  silences: readonly SilenceRow[],
  now: number,
): Promise<void> {
  const [channels, sent] = await Promise.all([
    tx.alertChannel.findMany({ where: { enabled: true, removedAt: null } }),
    tx.alertDelivery.findMany({ where: { alertId: alert.id, event: "firing" } }),
  ]);
  const silenced = silenceOf(silences, alert.clauseId, now) !== undefined;
  const state = silenced ? "silenced" : "pending";
  const known = new Set(sent.map(({ channelId }) => channelId));
  const at = new Date(now);
  await tx.alertDelivery.createMany({
    data: channels
      .filter((channel) => isFor(channel, alert) && !known.has(channel.id))
      .map((channel) => ({ alertId: alert.id, channelId: channel.id, event: "firing", state, nextAttemptAt: at })),
  });
  const other = sent.filter((one) => one.state === (silenced ? "pending" : "silenced")).map(({ id }) => id);
  if (other.length > 0) {
    await tx.alertDelivery.updateMany({ where: { id: { in: other } }, data: { state, nextAttemptAt: at } });
  }
}
