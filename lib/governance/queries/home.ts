import "server-only";
import { z } from "zod";
import { toContractState } from "@/lib/contracts/contract-state";
import { db } from "@/lib/db";
import { missingSlots, signatureSlot, signingOf, slotsOf } from "@/lib/governance/contract-signing";
import { HISTORY_ACTIONS, toHistoryEvent } from "@/lib/governance/use-case-history";
import { operation } from "@/lib/operation";

const most = z.object({ limit: z.number().int().min(1).max(50).default(10) });

/** Submitted contracts that wait for the signature of the caller, oldest first. A use case has one open contract, so these are few. */
export const listMySignatures = operation({
  name: "contract.mine",
  permission: "contract:read",
  input: most,
  run: async ({ principal, input }) => {
    if (slotsOf(principal.roles).length === 0) return [];
    const rows = await db().contract.findMany({
      where: { state: "submitted" },
      include: { useCase: { select: { slug: true, name: true } }, signatures: true },
      orderBy: { submittedAt: "asc" },
    });
    const waiting = rows.flatMap(({ state, digest, ...row }) => {
      const signatures = row.signatures.map((each) => ({ ...each, slot: signatureSlot.parse(each.slot) }));
      const mine = signingOf(principal, { state: toContractState(state), digest, signatures });
      // Who holds several roles may sign too, and says in which slot on the page.
      if (!mine.ok && mine.code !== "invalid") return [];
      const { slug, name } = row.useCase;
      const submittedAt = row.submittedAt?.toISOString() ?? null;
      return [{ useCase: slug, name, number: row.number, submittedAt, missing: [...missingSlots(signatures)] }];
    });
    return waiting.slice(0, input.limit);
  },
});

/** What happened last, over all use cases, in words. */
export const listRecentChanges = operation({
  name: "use_case.changes",
  permission: "use_case:read",
  input: most,
  run: async ({ input }) => {
    const rows = await db().auditEvent.findMany({
      where: { action: { in: [...HISTORY_ACTIONS] }, outcome: "done" },
      orderBy: { id: "desc" },
      take: input.limit,
    });
    return rows.map(toHistoryEvent);
  },
});
