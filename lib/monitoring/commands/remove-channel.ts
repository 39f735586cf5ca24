import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { CHANNEL_COLUMNS, toChannel } from "@/lib/monitoring/alert-rows";
import { channel, channelKey } from "@/lib/monitoring/alert-view";
import { operation } from "@/lib/operation";

/** Nothing is sent there any more, and its secret is forgotten. The log of what was sent keeps its name with the day of its end. */
export const removeChannel = operation({
  name: "alert_channel.remove",
  permission: "alert:configure",
  input: channelKey,
  output: channel,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM alert_channel WHERE id = ${input.id}::uuid FOR UPDATE`;
      const row = await tx.alertChannel.findUnique({ where: { id: input.id, removedAt: null } });
      if (!row) throw new AppError("not_found", "There is no such channel.");
      const now = new Date();
      await tx.alertDelivery.updateMany({
        where: { channelId: row.id, state: { in: ["pending", "silenced"] } },
        data: { state: "failed", lastError: "given up: the channel was removed" },
      });
      const removed = await tx.alertChannel.update({
        where: { id: row.id },
        // The name is free for another one.
        data: { enabled: false, secret: null, removedAt: now, name: `${row.name} (removed ${now.toISOString()})` },
        include: CHANNEL_COLUMNS,
      });
      await recordAudit(tx, {
        ...{ actor: principal, action: "alert_channel.remove", outcome: "done", subjectType: "alert_channel" },
        subject: row.name,
        before: { id: row.id, kind: row.kind, owner: row.owner, severity: row.severity },
      });
      return toChannel(removed);
    }),
});
