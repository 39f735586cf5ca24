import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { toProposal } from "@/lib/retraining/proposal-view";
import { proposeRetrainingInput, retrainingProposal } from "@/lib/retraining/schema";

/**
 * Asks for a new version because of a clause, with what the ledger says of it now and the event days to learn from. One open proposal
 * per clause: `conflict` names the other. `precondition` when the clause is not measured on this endpoint.
 */
export const proposeRetraining = operation({
  name: "retraining.propose",
  permission: "retraining:propose",
  refusal: "Retraining is proposed by data science or the owner of the use case.",
  input: proposeRetrainingInput,
  output: retrainingProposal,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const endpoint = await tx.endpoint.findUnique({ where: { name: input.name } });
      if (!endpoint) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
      await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${endpoint.id}::uuid FOR UPDATE`;
      const says = await tx.clauseState.findUnique({
        where: { endpointId_clauseId: { endpointId: endpoint.id, clauseId: input.clause } },
      });
      if (!says) {
        const message = `${input.clause} is not measured on ${input.name}: only a clause of the contract in force can ask for a new version.`;
        throw new AppError("precondition", message, { clause: ["not measured here"] });
      }
      const open = await tx.retrainingProposal.findFirst({
        where: { endpointId: endpoint.id, clauseId: input.clause, state: "open" },
      });
      if (open) {
        const message = `${open.proposedBy} proposed retraining for ${input.clause} already; it is open.`;
        throw new AppError("conflict", message, undefined, { details: { id: open.id } });
      }
      const { state, reason, value, low, high, n } = says;
      const clauseSays = { state, reason, value, low, high, n: Number(n) };
      const row = await tx.retrainingProposal.create({
        data: {
          endpointId: endpoint.id,
          clauseId: input.clause,
          contractId: says.contractId,
          windowFrom: new Date(`${input.from}T00:00:00Z`),
          windowTo: new Date(`${input.to}T00:00:00Z`),
          reason: input.reason,
          clauseSays,
          proposedBy: principal.email,
        },
        include: { endpoint: { select: { name: true } } },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "retraining.propose",
        outcome: "done",
        subjectType: "endpoint",
        subject: input.name,
        reason: input.reason,
        after: { id: row.id, clause: input.clause, from: input.from, to: input.to, clauseSays },
      });
      return toProposal(row);
    }),
});
