import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { ALERT_COLUMNS, toAlertSummary } from "@/lib/monitoring/alert-rows";
import { acknowledgeAlertInput, alertSummary } from "@/lib/monitoring/alert-view";
import { operation } from "@/lib/operation";
import { queueNews } from "./queue-news";

/** "I have it": the first who says so is on record, and everybody who was told of the alert is told that. `conflict` when somebody has it. */
export const acknowledgeAlert = operation({
  name: "alert.acknowledge",
  permission: "alert:acknowledge",
  input: acknowledgeAlertInput,
  output: alertSummary,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM alert WHERE id = ${input.id}::uuid FOR UPDATE`;
      const row = await tx.alert.findUnique({ where: { id: input.id } });
      if (!row) throw new AppError("not_found", "There is no such alert.");
      if (row.state === "resolved") throw new AppError("conflict", "The alert is over already.");
      if (row.acknowledgedBy !== null) throw new AppError("conflict", `${row.acknowledgedBy} has it already.`);
      const now = new Date();
      const acknowledgement = input.comment === "" ? null : (input.comment ?? null);
      const done = await tx.alert.update({
        where: { id: row.id },
        data: { acknowledgedBy: principal.email, acknowledgedAt: now, acknowledgement },
      });
      await queueNews(tx, row.id, "acknowledged", now.getTime());
      const shown = await tx.alert.findUniqueOrThrow({ where: { id: done.id }, include: ALERT_COLUMNS });
      const { endpoint } = shown;
      await recordAudit(tx, {
        ...{ actor: principal, action: "alert.acknowledge", outcome: "done", subjectType: "alert" },
        subject: `${endpoint?.name ?? row.source}/${row.clauseId ?? row.kind}`,
        after: { id: row.id, title: row.title, comment: acknowledgement },
      });
      return toAlertSummary(shown, now.getTime());
    }),
});
