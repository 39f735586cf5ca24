import "server-only";
import { type AuditEvent, auditEvent, listAuditEventsInput } from "@/lib/audit/schema";
import { db } from "@/lib/db";
import { operation } from "@/lib/operation";
import { eventKey, keyAfter, pageOf, toPage } from "@/lib/page";

export const listAuditEvents = operation({
  name: "audit.list",
  permission: "audit:read",
  input: listAuditEventsInput,
  output: pageOf(auditEvent),
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, eventKey);
    const rows = await db().auditEvent.findMany({
      where: {
        ...(after !== undefined && { id: { lt: BigInt(after) } }),
        ...(input.actor && { actor: { contains: input.actor, mode: "insensitive" as const } }),
        ...(input.action && { action: { startsWith: input.action } }),
        ...(input.subject && { subject: { contains: input.subject, mode: "insensitive" as const } }),
      },
      orderBy: { id: "desc" },
      take: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row.id.toString(), toEvent);
  },
});

type Row = Omit<AuditEvent, "id" | "at" | "outcome"> & { id: bigint; at: Date; outcome: string };

function toEvent(row: Row): AuditEvent {
  return {
    ...row,
    id: row.id.toString(),
    at: row.at.toISOString(),
    outcome: row.outcome === "refused" ? "refused" : "done",
  };
}
