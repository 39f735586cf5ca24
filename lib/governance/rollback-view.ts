import { z } from "zod";
import { type EarlierRevision, isLoaded, rollbackRefusal } from "@/lib/deployments/rollback";
import type { EndpointStatus } from "@/lib/inference/desired-state";
import { approvalsOver, type DecisionRow } from "./approvals";
import { promotionInputs } from "./promotion-inputs";
import { allSlotsFilled } from "./separation-of-duties";

/** What the person sees before an endpoint goes back. */
export const rollbackCandidate = z.object({
  revision: z.string(),
  model: z.string(),
  version: z.number().int(),
  contract: z.object({
    number: z.number().int(),
    /** Number of a newer signed version; null: this is the newest. */
    supersededBy: z.number().int().nullable(),
  }),
  /** The promotion that brought it; null: none did. */
  promotion: z.number().int().nullable(),
  /** Whether what would serve is what two people approved, under the newest contract; and in words. */
  approvals: z.object({ hold: z.boolean(), words: z.string() }),
  /** Loaded on the target: it answers at once. Else it loads first, and what serves now answers until then. */
  loaded: z.boolean(),
  /** First answer, and when something else was last made to serve in its place. */
  servedFrom: z.iso.datetime().nullable(),
  servedTo: z.iso.datetime().nullable(),
  /** Clauses whose breach was open when it last stopped serving; of what serves now, those that are open. */
  breaches: z.array(z.string()),
  /** Why it cannot serve; null: it can. */
  refusal: z.string().nullable(),
});
export type RollbackCandidate = z.output<typeof rollbackCandidate>;

export const rollbackPreview = z.object({
  endpoint: z.string(),
  /** To be sent with the rollback. */
  generation: z.number().int(),
  current: rollbackCandidate.nullable(),
  /** The revision that is kept warm: what a rollback goes to unless told otherwise. */
  warm: z.string().nullable(),
  /** Revisions that served, newest first, at most ten; what serves now is not among them. */
  candidates: z.array(rollbackCandidate),
});
export type RollbackPreview = z.output<typeof rollbackPreview>;

export type CandidateRow = EarlierRevision & {
  readonly specDigest: string;
  readonly contractId: string;
  readonly modelVersion: {
    readonly number: number;
    readonly digest: string;
    readonly model: { readonly name: string };
  };
  readonly promotions: readonly {
    readonly id: number;
    readonly inputs: unknown;
    readonly inputsDigest: string;
    readonly decisions: readonly DecisionRow[];
  }[];
};

export type BreachRow = {
  readonly clauseId: string;
  readonly contractId: string;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
};

export type RollbackFacts = {
  /** Name of the revision that is wanted now. */
  readonly serving: string | null;
  readonly observed: EndpointStatus | null;
  /** Number of the newest signed contract of the use case. */
  readonly newestContract: number;
  readonly breaches: readonly BreachRow[];
  /** By revision: when something else was last made to serve in its place. */
  readonly replacedAt: ReadonlyMap<string, Date>;
};

export function toCandidate(row: CandidateRow, facts: RollbackFacts): RollbackCandidate {
  const isCurrent = row.name === facts.serving;
  const until = isCurrent ? null : (facts.replacedAt.get(row.name) ?? null);
  const { number } = row.contract;
  return {
    revision: row.name,
    model: row.modelVersion.model.name,
    version: row.modelVersion.number,
    contract: { number, supersededBy: number < facts.newestContract ? facts.newestContract : null },
    promotion: row.promotions[0]?.id ?? null,
    approvals: approvalsOf(row, facts.newestContract),
    loaded: isLoaded(row.name, facts.observed),
    servedFrom: row.servedAt?.toISOString() ?? null,
    servedTo: until?.toISOString() ?? null,
    breaches: isCurrent || until ? openAt(row, facts.breaches, until) : [],
    refusal: rollbackRefusal(row, facts.serving, facts.observed),
  };
}

/** Clauses of its contract whose breach was open at `until`; null: now. */
function openAt({ contractId, servedAt }: CandidateRow, breaches: readonly BreachRow[], until: Date | null): string[] {
  const open = breaches.filter((breach) => {
    if (breach.contractId !== contractId) return false;
    if (until === null) return breach.closedAt === null;
    const isBefore = breach.openedAt <= until && (servedAt === null || breach.openedAt >= servedAt);
    return isBefore && (breach.closedAt === null || breach.closedAt > until);
  });
  return [...new Set(open.map(({ clauseId }) => clauseId))].sort();
}

/** An approval is over a digest of inputs: it holds while what would serve is in those inputs. */
function approvalsOf(row: CandidateRow, newestContract: number): RollbackCandidate["approvals"] {
  const promotion = row.promotions[0];
  if (!promotion) return { hold: false, words: "No promotion brought it: nobody approved it." };
  const { id, inputsDigest, decisions } = promotion;
  if (!allSlotsFilled(approvalsOver(inputsDigest, decisions))) {
    return { hold: false, words: `Promotion ${id} does not have both approvals.` };
  }
  const changed = changesSince(row, promotion.inputs);
  if (changed.length > 0) {
    return {
      hold: false,
      words: `What would serve is not what promotion ${id} approved: ${changed.join(", ")} differs.`,
    };
  }
  const by = decisions
    .filter((each) => each.decision === "approve" && each.inputsDigest === inputsDigest)
    .map(({ email, slot }) => `${email} (${slot})`)
    .join(" and ");
  const approved = `Approved by ${by} for exactly this version, contract and specification.`;
  const { number } = row.contract;
  if (number >= newestContract) return { hold: true, words: approved };
  return {
    hold: false,
    words: `${approved} But contract v${number} was superseded by v${newestContract}: v${number} governs again while it serves.`,
  };
}

function changesSince(row: CandidateRow, stored: unknown): string[] {
  const inputs = promotionInputs.safeParse(stored).data;
  if (!inputs) return ["the record of its inputs"];
  const same: Readonly<Record<string, boolean>> = {
    "the contract": inputs.contract.digest === row.contract.digest,
    "the model version": inputs.version.digest === row.modelVersion.digest,
    "the specification": inputs.specDigest === row.specDigest,
  };
  return Object.keys(same).filter((what) => !same[what]);
}

/** When each revision was last replaced, from the audit events of its endpoint in any order. */
export function replacements(
  events: readonly { readonly at: Date; readonly before: unknown; readonly after: unknown }[],
): ReadonlyMap<string, Date> {
  const last = new Map<string, Date>();
  for (const { at, before, after } of events) {
    const [from, to] = [servingOf(before), servingOf(after)];
    if (from === null || from === to) continue;
    const known = last.get(from);
    if (!known || known < at) last.set(from, at);
  }
  return last;
}

const withServing = z.object({ serving: z.string() });
const servingOf = (state: unknown): string | null => withServing.safeParse(state).data?.serving ?? null;
