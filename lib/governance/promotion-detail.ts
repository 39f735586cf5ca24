import { z } from "zod";
import type { Principal } from "@/lib/auth/schema";
import { diffSpecs } from "@/lib/serving/diff-spec";
import type { ServingSpec } from "@/lib/serving/schema";
import { approvalBlock } from "./decision-rules";
import { type GateItem, gateItem } from "./gate-item";
import { inputsDifference, type PromotionInputs, promotionInputs } from "./promotion-inputs";
import { mayBecome, promotionState } from "./promotion-state";
import { dutiesOf, type PromotionRow, toSummary } from "./promotion-view";
import { requestRefusal } from "./request-rules";
import type { ClauseChanges, Promotion, PromotionPreview } from "./schema";
import { candidatesFor, type Duties, eligibilityOf, type Person, rejectionOf, slot } from "./separation-of-duties";
import { mayWithdraw } from "./withdrawal";

/** What it brings and what it replaces. */
export type Replacement = {
  readonly spec: ServingSpec;
  readonly incumbent: (NonNullable<Promotion["incumbent"]> & { readonly spec: ServingSpec }) | null;
};

/** What holds now: see commands/load-promotion-facts.ts. */
type Facts = Replacement & {
  readonly gate: readonly GateItem[];
  readonly inputs: PromotionInputs;
  readonly inputsDigest: string;
  readonly contract: number;
  readonly versionDigest: string;
};

type DetailRow = PromotionRow & {
  readonly inputs: unknown;
  readonly gate: unknown;
  readonly revision: { readonly name: string } | null;
};

type Parts = {
  readonly row: DetailRow;
  /** Null once nothing can change any more: then what was stored with the decision is shown. */
  readonly facts: Facts | null;
  /** Of a promotion that was applied: from its revision and the one before. */
  readonly kept: Replacement | null;
  readonly principal: Principal;
  readonly people: readonly Person[];
};

export function toDetail({ row, facts, kept, principal, people }: Parts): Promotion {
  const inputs = facts?.inputs ?? promotionInputs.parse(row.inputs);
  const inputsDigest = facts?.inputsDigest ?? row.inputsDigest;
  const gate = facts ? [...facts.gate] : z.array(gateItem).parse(row.gate);
  const duties = dutiesOf(row, inputsDigest);
  const replacement = facts ?? kept;
  return {
    ...toSummary({ ...row, inputsDigest }, principal),
    contract: inputs.contract.number,
    versionDigest: row.modelVersion.digest,
    gate,
    inputs,
    inputsDigest,
    incumbent: withoutSpec(replacement?.incumbent ?? null),
    changes: replacement ? changesOf(replacement) : [],
    decisions: decisionsOf(row, inputs, inputsDigest),
    excluded: [
      { email: row.requestedBy, why: "requester" as const },
      { email: row.modelVersion.registeredBy, why: "registrar" as const },
    ],
    candidates: candidatesOf(people, duties),
    revision: row.revision?.name ?? null,
    mine: mineOf({ row, principal, duties, gate }),
  };
}

/** What a request would be decided on, and why it would be refused. */
export function toPreview(facts: Facts, openPromotion: number | null): PromotionPreview {
  return {
    gate: [...facts.gate],
    inputs: facts.inputs,
    inputsDigest: facts.inputsDigest,
    contract: facts.contract,
    versionDigest: facts.versionDigest,
    incumbent: withoutSpec(facts.incumbent),
    changes: changesOf(facts),
    refusal: requestRefusal({ ...facts, openPromotion })?.message ?? null,
  };
}

function withoutSpec(incumbent: Replacement["incumbent"]): Promotion["incumbent"] {
  if (incumbent === null) return null;
  const { revision, model, version, versionDigest, contract } = incumbent;
  return { revision, model, version, versionDigest, contract };
}

function changesOf({ spec, incumbent }: Replacement): ClauseChanges[] {
  const before = incumbent?.spec ?? { leaves: [], cannot: [] };
  return diffSpecs(before, spec).map(({ clause, changes }) => ({ clause, changes: [...changes] }));
}

function decisionsOf(row: DetailRow, inputs: PromotionInputs, inputsDigest: string): Promotion["decisions"] {
  return row.decisions.map((each) => {
    const stale = each.decision === "approve" && each.inputsDigest !== inputsDigest;
    const then = promotionInputs.safeParse(each.inputs).data;
    return {
      slot: slot.parse(each.slot),
      decision: each.decision === "reject" ? "reject" : "approve",
      by: each.email,
      comment: each.comment,
      at: each.decidedAt.toISOString(),
      inputsDigest: each.inputsDigest,
      stale,
      changes: stale && then ? [...inputsDifference(then, inputs)] : [],
    };
  });
}

function candidatesOf(people: readonly Person[], duties: Duties): Promotion["candidates"] {
  const { validator, governance } = candidatesFor(people, duties);
  return { validator: [...validator], governance: [...governance] };
}

type Mine = {
  readonly row: DetailRow;
  readonly principal: Principal;
  readonly duties: Duties;
  readonly gate: readonly GateItem[];
};

function mineOf({ row, principal, duties, gate }: Mine): Promotion["mine"] {
  const state = promotionState.parse(row.state);
  const closed = state === "in_review" ? null : `It is ${state.replace("_", " ")}: there is nothing to decide.`;
  const approve = eligibilityOf(principal, duties);
  const reject = rejectionOf(principal, duties);
  return {
    approveSlots: closed ? [] : [...approve.slots],
    approveBlocked: closed ?? approve.reason ?? approvalBlock(gate),
    rejectSlots: closed ? [] : [...reject.slots],
    rejectBlocked: closed ?? reject.reason,
    mayWithdraw: mayBecome(state, "withdrawn") && mayWithdraw(row, principal),
  };
}
