import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { toSilence } from "@/lib/monitoring/alert-rows";
import { silence, silenceKey } from "@/lib/monitoring/alert-view";
import { operation } from "@/lib/operation";

/** Ends a silence before its time: what fires still is told within seconds. `conflict` when it is over. */
export const endSilence = operation({
  name: "alert_silence.end",
  permission: "alert:acknowledge",
  input: silenceKey,
  output: silence,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const now = new Date();
      await tx.$queryRaw`SELECT id FROM alert_silence WHERE id = ${input.id}::uuid FOR UPDATE`;
      const row = await tx.alertSilence.findUnique({ where: { id: input.id } });
      if (!row) throw new AppError("not_found", "There is no such silence.");
      if (row.endedAt !== null || row.endsAt <= now) throw new AppError("conflict", "The silence is over already.");
      const ended = await tx.alertSilence.update({
        where: { id: row.id },
        data: { endedAt: now, endedBy: principal.email },
        include: { endpoint: { select: { name: true } } },
      });
      await recordAudit(tx, {
        ...{ actor: principal, action: "alert.end_silence", outcome: "done", subjectType: "alert" },
        subject: `${ended.endpoint.name}/${row.clauseId ?? "all"}`,
        after: { id: row.id },
      });
      return toSilence(ended, now.getTime());
    }),
});
