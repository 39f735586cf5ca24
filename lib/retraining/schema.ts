import { z } from "zod";
import { clauseState } from "@/lib/deployments/schema";
import { pageInput, pageOf } from "@/lib/page";
import { exactText, text } from "@/lib/text";

const day = z.iso.date("a day, as 2001-05-20");

export const proposeRetrainingInput = z
  .object({
    /** Of the endpoint. */
    name: exactText({ max: 100 }),
    clause: text({ min: 1, max: 61, missing: "name the clause" }),
    /** Event days to learn from, UTC, half-open. */
    from: day,
    to: day,
    reason: text({ min: 10, max: 2000, missing: "say why, in a sentence" }),
  })
  .refine(({ from, to }) => from < to, { error: "from must be before to", path: ["to"] });

export const retrainingKey = z.object({ name: exactText({ max: 100 }), id: z.uuid() });

export const closeRetrainingInput = retrainingKey.extend({
  outcome: text({ min: 3, max: 2000, missing: "say what came of it" }),
});

export const listRetrainingInput = pageInput.extend({ name: exactText({ max: 100 }) });

export const retrainingProposal = z.object({
  id: z.uuid(),
  endpoint: z.string(),
  clause: z.string(),
  /** Event days to learn from, half-open. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  reason: z.string(),
  /** What the ledger said when it was proposed. */
  clauseSays: z.object({
    state: clauseState,
    reason: z.string(),
    value: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    n: z.number().int(),
  }),
  state: z.enum(["open", "closed"]),
  proposedBy: z.string(),
  proposedAt: z.iso.datetime(),
  closedBy: z.string().nullable(),
  closedAt: z.iso.datetime().nullable(),
  outcome: z.string().nullable(),
});
export type RetrainingProposal = z.output<typeof retrainingProposal>;
export const retrainingPage = pageOf(retrainingProposal);
