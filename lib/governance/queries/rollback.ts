import "server-only";
import { db } from "@/lib/db";
import { readObserved } from "@/lib/deployments/observed-state";
import { endpointKey } from "@/lib/deployments/schema";
import { AppError } from "@/lib/errors";
import { type RollbackFacts, replacements, rollbackPreview, toCandidate } from "@/lib/governance/rollback-view";
import { operation } from "@/lib/operation";

const CANDIDATES = 10;
/** Of the endpoint's history: enough to know when ten revisions last served. */
const EVENTS = 500;
const BREACHES = 500;

const REVISION = {
  contract: { select: { number: true, state: true, digest: true } },
  modelVersion: { select: { number: true, digest: true, model: { select: { name: true } } } },
  promotions: { orderBy: { id: "desc" }, take: 1, include: { decisions: { orderBy: { decidedAt: "asc" } } } },
} as const;

/** What an endpoint can go back to, and what that would bring: revision, contract, approvals, loaded or not, breaches of then. */
export const previewRollback = operation({
  name: "endpoint.rollback_preview",
  permission: "endpoint:read",
  input: endpointKey,
  output: rollbackPreview,
  run: async ({ input }) => {
    const row = await db().endpoint.findUnique({
      where: { name: input.name },
      include: { serving: { include: REVISION }, warm: { select: { name: true } } },
    });
    if (!row) throw new AppError("not_found", `There is no endpoint ${input.name}.`);
    const earlier = await db().revision.findMany({
      where: {
        endpointId: row.id,
        servedAt: { not: null },
        ...(row.servingId !== null && { id: { not: row.servingId } }),
      },
      include: REVISION,
      orderBy: { number: "desc" },
      take: CANDIDATES,
    });
    const facts = await factsOf(row);
    return {
      endpoint: row.name,
      generation: row.generation,
      current: row.serving && toCandidate(row.serving, facts),
      warm: row.warm?.name ?? null,
      candidates: earlier.map((each) => toCandidate(each, facts)),
    };
  },
});

type Row = {
  readonly id: string;
  readonly name: string;
  readonly useCaseId: string;
  readonly observed: unknown;
  readonly serving: { readonly name: string } | null;
};

async function factsOf({ id, name, useCaseId, observed, serving }: Row): Promise<RollbackFacts> {
  const [newest, breaches, events] = await Promise.all([
    db().contract.findFirst({
      where: { useCaseId, state: "signed" },
      orderBy: { number: "desc" },
      select: { number: true },
    }),
    db().breach.findMany({ where: { endpointId: id }, orderBy: { openedAt: "desc" }, take: BREACHES }),
    db().auditEvent.findMany({
      where: {
        subject: name,
        outcome: "done",
        action: { in: ["endpoint.serve", "endpoint.rollback", "endpoint.step_back", "rollout.complete"] },
      },
      select: { at: true, before: true, after: true },
      orderBy: { id: "desc" },
      take: EVENTS,
    }),
  ]);
  return {
    serving: serving?.name ?? null,
    observed: readObserved(observed),
    newestContract: newest?.number ?? 0,
    breaches,
    replacedAt: replacements(events),
  };
}
