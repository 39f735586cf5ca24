import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { evidenceRun, evidenceRunKey } from "@/lib/governance/evidence-run";
import { RUN_COLUMNS, toRun } from "@/lib/governance/evidence-run-view";
import { operation } from "@/lib/operation";

/** Cancels a run that is queued, or stops one that is running: nothing of it is kept. `not_found`, `conflict` when it has ended. */
export const cancelEvidenceRun = operation({
  name: "evidence_run.cancel",
  permission: "evidence:run",
  input: evidenceRunKey,
  output: evidenceRun,
  run: ({ principal, input: { id } }) =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM evidence_run WHERE id = ${id}::uuid FOR UPDATE`;
      const row = await tx.evidenceRun.findUnique({ where: { id } });
      if (!row) throw new AppError("not_found", "There is no such run.");
      if (row.state !== "queued" && row.state !== "running") {
        throw new AppError("conflict", `The run has ended: ${row.state}.`);
      }
      const after = await tx.evidenceRun.update({
        where: { id },
        data: { state: "cancelled", reason: `By ${principal.email}.`, endedAt: new Date() },
        include: RUN_COLUMNS,
      });
      await recordAudit(tx, {
        actor: principal,
        action: "evidence_run.cancel",
        outcome: "done",
        subjectType: "evidence_run",
        subject: id,
        before: { state: row.state },
        after: { state: "cancelled" },
      });
      return toRun(after);
    }),
});
