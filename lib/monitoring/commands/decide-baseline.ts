import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction, type Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { baselinePayload } from "@/lib/monitoring/baseline";
import { decideBaselineInput, decidedBaseline } from "@/lib/monitoring/baseline-proposal";
import { operation } from "@/lib/operation";

/**
 * Accepts a proposed reference, which is in force from the next evaluation on, or rejects it. `forbidden` for who proposed it,
 * `conflict` when it was decided already, `precondition` when another version serves by now.
 */
export const decideBaseline = operation({
  name: "baseline.decide",
  permission: "baseline:accept",
  input: decideBaselineInput,
  output: decidedBaseline,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const { row, endpoint } = await locked(tx, input);
      const subject = endpoint.name;
      if (row.state !== "proposed") throw new AppError("conflict", `Proposal ${row.id} is ${row.state} already.`);
      if (row.proposedById === principal.id || row.proposedBy === principal.email) {
        throw new AppError("forbidden", "Somebody else than who proposed it decides.", undefined, { subject });
      }
      if (input.decision === "accept" && endpoint.serving?.modelVersionId !== row.modelVersionId) {
        throw new AppError("precondition", "Another version serves by now: propose a window of its own rows.");
      }
      const state = input.decision === "accept" ? ("accepted" as const) : ("rejected" as const);
      await tx.baseline.update({
        where: { id: row.id },
        data: { state, decidedBy: principal.email, decidedAt: new Date() },
      });
      const { from, to, n } = baselinePayload.parse(row.payload);
      await recordAudit(tx, {
        actor: principal,
        action: `baseline.${input.decision}`,
        outcome: "done",
        subjectType: "endpoint",
        subject,
        reason: input.comment,
        before: { baseline: row.id, state: row.state },
        after: { baseline: row.id, state, from, to, rows: n, digest: row.digest },
      });
      return {
        ...{ id: row.id, endpoint: subject, state, from, to, rows: n },
        ...{ reason: row.reason ?? "", proposedBy: row.proposedBy, decidedBy: principal.email },
      };
    }),
});

async function locked(tx: Tx, { id, name }: { readonly id: number; readonly name: string }) {
  await tx.$queryRaw`SELECT id FROM baseline WHERE id = ${id} FOR UPDATE`;
  const row = await tx.baseline.findUnique({
    where: { id },
    include: { endpoint: { include: { serving: { select: { modelVersionId: true } } } } },
  });
  if (!row?.endpoint || row.endpoint.name !== name) {
    throw new AppError("not_found", `There is no proposal ${id} on the endpoint ${name}.`);
  }
  return { row, endpoint: row.endpoint };
}
