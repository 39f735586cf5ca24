import { type RetrainingProposal, retrainingProposal } from "./schema";

type Row = {
  readonly id: string;
  readonly endpoint: { readonly name: string };
  readonly clauseId: string;
  readonly windowFrom: Date;
  readonly windowTo: Date;
  readonly reason: string;
  readonly clauseSays: unknown;
  readonly state: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly outcome: string | null;
};

/** A stored proposal as callers see it. */
export function toProposal(row: Row): RetrainingProposal {
  const { id, endpoint, reason, clauseSays, state, proposedBy, closedBy, outcome } = row;
  return retrainingProposal.parse({
    ...{ id, reason, clauseSays, state, proposedBy, closedBy, outcome },
    endpoint: endpoint.name,
    clause: row.clauseId,
    from: row.windowFrom.toISOString(),
    to: row.windowTo.toISOString(),
    proposedAt: row.proposedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
  });
}
