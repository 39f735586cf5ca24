import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { contractDocument } from "@/lib/contracts/document";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { toSilence } from "@/lib/monitoring/alert-rows";
import { createSilenceInput, silence } from "@/lib/monitoring/alert-view";
import { operation } from "@/lib/operation";
import { DAY_MS, MINUTE_MS } from "@/lib/time";

const LONGEST_MS = 30 * DAY_MS;

/** Nobody is told of an endpoint's alerts, or of one clause's, until `endsAt`. The alerts themselves are raised and shown as ever. */
export const createSilence = operation({
  name: "alert_silence.create",
  permission: "alert:acknowledge",
  input: createSilenceInput,
  output: silence,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const now = Date.now();
      const endpoint = await tx.endpoint.findUnique({
        where: { name: input.endpoint },
        include: { serving: { select: { contract: { select: { document: true } } } } },
      });
      if (!endpoint) {
        throw new AppError("invalid", `There is no endpoint ${input.endpoint}.`, { endpoint: ["no such endpoint"] });
      }
      refuseUnknownClause(input.clause, endpoint.serving?.contract.document);
      const endsAt = new Date(input.endsAt ?? now + (input.minutes ?? 0) * MINUTE_MS);
      refuseEnd(endsAt.getTime(), now);
      const row = await tx.alertSilence.create({
        data: {
          ...{ endpointId: endpoint.id, clauseId: input.clause ?? null, reason: input.reason },
          ...{ startsAt: new Date(now), endsAt, createdBy: principal.email },
        },
        include: { endpoint: { select: { name: true } } },
      });
      await recordAudit(tx, {
        ...{ actor: principal, action: "alert.silence", outcome: "done", subjectType: "alert", reason: input.reason },
        subject: `${endpoint.name}/${input.clause ?? "all"}`,
        after: { id: row.id, endsAt },
      });
      return toSilence(row, now);
    }),
});

function refuseUnknownClause(clause: string | undefined, document: unknown): void {
  if (clause === undefined) return;
  const ids = document === undefined ? [] : contractDocument.parse(document).clauses.map(({ id }) => id);
  if (ids.includes(clause)) return;
  const known = ids.length === 0 ? "nothing is promised there" : `there are ${ids.join(", ")}`;
  throw new AppError("invalid", `The contract in force has no clause ${clause}: ${known}.`, {
    clause: ["no such clause in force"],
  });
}

function refuseEnd(endsAt: number, now: number): void {
  if (endsAt <= now) throw new AppError("invalid", "The silence would be over already.", { endsAt: ["in the past"] });
  if (endsAt - now > LONGEST_MS) {
    throw new AppError("invalid", "A silence lasts 30 days at most.", { endsAt: ["more than 30 days ahead"] });
  }
}
