import { db, inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { type Message, messageFor, type Receiver, type ToldAlert } from "@/lib/monitoring/alert-messages";
import { alertEvent, channelKind } from "@/lib/monitoring/alert-view";
import { receiverOf } from "@/lib/monitoring/channel-rules";
import { CHANNEL_SECRETS } from "@/lib/monitoring/channel-secret";
import { claimDeliveries } from "@/lib/monitoring/commands/claim-deliveries";
import { recordDelivery } from "@/lib/monitoring/commands/record-delivery";
import { type Outcome, send } from "@/lib/outgoing";
import { unseal } from "@/lib/secret-box";
import type { Job } from "./job";

const AT_ONCE = 20;

/** Sends what is due to the channels. At least once: a receiver knows a message that it has by its idempotency key. */
export const deliverAlerts: Job = {
  name: "deliver alerts",
  everyMs: 1000,
  run: async (signal) => {
    while (!signal.aborted && (await deliverAt(Date.now())) === AT_ONCE);
  },
};

/** Sends what is due at `now` (milliseconds since 1970), at most twenty; how many it were. */
export async function deliverAt(now: number): Promise<number> {
  const ids = await inTransaction((tx) => claimDeliveries(tx, now, AT_ONCE));
  // Side by side: a receiver that hangs does not hold up the others.
  await Promise.all(ids.map((id) => deliver(id, now)));
  return ids.length;
}

async function deliver(id: string, now: number): Promise<void> {
  const tried = await tryOnce(id, now);
  await inTransaction((tx) => recordDelivery(tx, id, tried, now));
}

async function tryOnce(id: string, now: number): Promise<Outcome> {
  const row = await readDelivery(id);
  if (!row) return { kind: "refused", reason: "the message is gone" };
  const { channel, alert } = row;
  let receiver: Receiver;
  try {
    const secret = channel.secret && unseal(channel.secret, { purpose: CHANNEL_SECRETS, owner: channel.id });
    receiver = receiverOf({ kind: channelKind.parse(channel.kind), url: channel.url }, secret);
  } catch (error) {
    if (error instanceof AppError) return { kind: "refused", reason: error.message };
    throw error;
  }
  const told = { alert: toldAlert(alert), event: alertEvent.parse(row.event), deliveryId: id };
  const message: Message | null = messageFor(receiver, { ...told, portal: env().PUBLIC_URL ?? null, now });
  return message === null ? { kind: "refused", reason: "the receiver has no such event" } : send(message, now);
}

function readDelivery(id: string) {
  return db().alertDelivery.findUnique({
    where: { id },
    include: { channel: true, alert: { include: { endpoint: { select: { name: true } } } } },
  });
}

type AlertRow = NonNullable<Awaited<ReturnType<typeof readDelivery>>>["alert"];

function toldAlert(row: AlertRow): ToldAlert {
  const { id, kind, severity, state, title, summary, acknowledgedBy } = row;
  return {
    ...{ id, kind, severity, state, title, summary, acknowledgedBy },
    endpoint: row.endpoint?.name ?? null,
    clause: row.clauseId,
    labels: row.labels as Record<string, string>,
    annotations: row.annotations as Record<string, string>,
    startedAt: row.startedAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  };
}
