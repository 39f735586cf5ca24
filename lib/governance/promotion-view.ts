import type { Principal } from "@/lib/auth/schema";
import { approvalsOver, type DecisionRow, slotsOf } from "./approvals";
import { promotionState } from "./promotion-state";
import type { PromotionSummary } from "./schema";
import { type Duties, eligibilityOf } from "./separation-of-duties";

export type PromotionRow = {
  readonly id: number;
  readonly state: string;
  readonly stateReason: string | null;
  readonly requestedBy: string;
  readonly requestedById: string;
  readonly comment: string;
  readonly inputsDigest: string;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly appliedAt: Date | null;
  readonly endpoint: {
    readonly name: string;
    readonly environment: string;
    readonly useCase: { readonly slug: string; readonly name: string; readonly ownerId: string };
  };
  readonly modelVersion: {
    readonly number: number;
    readonly digest: string;
    readonly registeredBy: string;
    readonly registeredById: string;
    readonly model: { readonly name: string };
  };
  readonly contract: { readonly number: number };
  readonly decisions: readonly DecisionRow[];
};

/** The columns that `toSummary` reads. */
export const PROMOTION_COLUMNS = {
  endpoint: {
    select: {
      name: true,
      environment: true,
      useCase: { select: { slug: true, name: true, ownerId: true } },
    },
  },
  modelVersion: {
    select: {
      number: true,
      digest: true,
      registeredBy: true,
      registeredById: true,
      model: { select: { name: true } },
    },
  },
  contract: { select: { number: true } },
  decisions: { orderBy: { decidedAt: "asc" } },
} as const;

/** Who may not decide, and whose approvals count, over the inputs with this digest. */
export function dutiesOf(row: PromotionRow, inputsDigest: string): Duties {
  return {
    requestedById: row.requestedById,
    registeredById: row.modelVersion.registeredById,
    approvals: approvalsOver(inputsDigest, row.decisions),
  };
}

/** Whether a promotion waits for a decision of this person. */
export function waitsFor(row: PromotionRow, principal: Principal): boolean {
  return row.state === "in_review" && eligibilityOf(principal, dutiesOf(row, row.inputsDigest)).slots.length > 0;
}

/** A promotion as a list shows it to `principal`. */
export function toSummary(row: PromotionRow, principal: Principal): PromotionSummary {
  return {
    id: row.id,
    state: promotionState.parse(row.state),
    stateReason: row.stateReason,
    endpoint: row.endpoint.name,
    environment: row.endpoint.environment,
    useCase: { slug: row.endpoint.useCase.slug, name: row.endpoint.useCase.name },
    model: row.modelVersion.model.name,
    version: row.modelVersion.number,
    contract: row.contract.number,
    requestedBy: row.requestedBy,
    comment: row.comment,
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    appliedAt: row.appliedAt?.toISOString() ?? null,
    slots: [...slotsOf(row.inputsDigest, row.decisions)],
    waitsForMe: waitsFor(row, principal),
  };
}
