import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { toProposal } from "@/lib/retraining/proposal-view";
import { closeRetrainingInput, retrainingProposal } from "@/lib/retraining/schema";

/** Closes an open proposal with what came of it: a new version, or why there is none. `conflict` when it is closed already. */
export const closeRetraining = operation({
  name: "retraining.close",
  permission: "retraining:propose",
  refusal: "A proposal is closed by data science or the owner of the use case.",
  input: closeRetrainingInput,
  output: retrainingProposal,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM retraining_proposal WHERE id = ${input.id}::uuid FOR UPDATE`;
      const found = await tx.retrainingProposal.findFirst({
        where: { id: input.id, endpoint: { name: input.name } },
      });
      if (!found) throw new AppError("not_found", `${input.name} has no such proposal.`);
      if (found.state === "closed") throw new AppError("conflict", `${found.closedBy} closed it: ${found.outcome}`);
      const row = await tx.retrainingProposal.update({
        where: { id: input.id },
        data: { state: "closed", closedBy: principal.email, closedAt: new Date(), outcome: input.outcome },
        include: { endpoint: { select: { name: true } } },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "retraining.close",
        outcome: "done",
        subjectType: "endpoint",
        subject: input.name,
        reason: input.outcome,
        after: { id: row.id, clause: row.clauseId },
      });
      return toProposal(row);
    }),
});
