import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { db, inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { messageFor, testAlert } from "@/lib/monitoring/alert-messages";
import { type AlertEvent, channelKey, channelKind, channelTest } from "@/lib/monitoring/alert-view";
import { receiverOf } from "@/lib/monitoring/channel-rules";
import { CHANNEL_SECRETS } from "@/lib/monitoring/channel-secret";
import { verdictOf } from "@/lib/monitoring/delivery-rules";
import { operation } from "@/lib/operation";
import { send } from "@/lib/outgoing";
import { unseal } from "@/lib/secret-box";

/** Sends a test message, and where the receiver keeps alerts its end, and says what was answered. Nothing is tried twice. */
export const testChannel = operation({
  name: "alert_channel.test",
  permission: "alert:configure",
  input: channelKey,
  output: channelTest,
  run: async ({ principal, input }) => {
    const row = await db().alertChannel.findFirst({ where: { id: input.id, removedAt: null } });
    if (!row) throw new AppError("not_found", "There is no such channel.");
    const secret = row.secret && unseal(row.secret, { purpose: CHANNEL_SECRETS, owner: row.id });
    const receiver = receiverOf({ kind: channelKind.parse(row.kind), url: row.url }, secret);
    const now = Date.now();
    const alert = testAlert(row, now);
    const events: readonly AlertEvent[] =
      receiver.kind === "pagerduty" || receiver.kind === "alertmanager" ? ["firing", "resolved"] : ["firing"];
    let result = { ok: true, status: null as number | null, error: null as string | null };
    for (const event of events) {
      const message = messageFor(receiver, {
        ...{ alert: { ...alert, resolvedAt: event === "resolved" ? alert.startedAt : null }, event, now },
        ...{ deliveryId: randomUUID(), portal: env().PUBLIC_URL ?? null },
      });
      if (!message || !result.ok) continue;
      const { state, status, error } = verdictOf(await send(message), 1, 0);
      result = { ok: state === "delivered", status, error };
    }
    await inTransaction((tx) =>
      recordAudit(tx, {
        ...{ actor: principal, action: "alert_channel.test", outcome: "done", subjectType: "alert_channel" },
        subject: row.name,
        after: result,
      }),
    );
    return result;
  },
});
