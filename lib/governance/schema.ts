import { z } from "zod";
import { pageInput, pageOf } from "@/lib/page";
import { text } from "@/lib/text";
import { gateItem } from "./gate-item";
import { inputChange, promotionInputs } from "./promotion-inputs";
import { promotionState } from "./promotion-state";
import { slot } from "./separation-of-duties";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hexadecimal digits");
const comment = (missing: string) => text({ min: 1, max: 4000, missing });

export const promotionKey = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });

/** What would be promoted where. */
export const promotionSubject = z.object({
  endpoint: text({ min: 1, max: 100, missing: "choose an endpoint" }),
  model: text({ min: 1, max: 100, missing: "choose a model" }),
  version: z.coerce.number("choose a version").int().min(1, "choose a version").max(2_147_483_647),
});

export const requestPromotionInput = promotionSubject.extend({
  comment: comment("say what changed and why it should serve"),
});

export const decidePromotionInput = promotionKey.extend({
  decision: z.enum(["approve", "reject"]),
  comment: comment("say what you checked"),
  /** The digest that was shown: a decision over anything else is refused with the difference. */
  inputsDigest: sha256,
  /** Needed only by a person who could fill both slots. */
  slot: slot.optional(),
});

export const withdrawPromotionInput = promotionKey.extend({ comment: text({ max: 4000 }).optional() });

const orNothing = <T extends z.ZodType>(schema: T) => z.union([schema, z.literal("").transform(() => undefined)]);

export const listPromotionsInput = pageInput.extend({
  state: orNothing(z.union([promotionState, z.literal("open")])).optional(),
  endpoint: text({ max: 100 }).optional(),
  useCase: text({ max: 100 }).optional(),
});

const slotView = z.object({
  slot,
  state: z.enum(["approved", "rejected", "stale", "waiting"]),
  by: z.string().nullable(),
  at: z.iso.datetime().nullable(),
});

export const promotionSummary = z.object({
  id: z.number().int(),
  state: promotionState,
  stateReason: z.string().nullable(),
  endpoint: z.string(),
  environment: z.string(),
  useCase: z.object({ slug: z.string(), name: z.string() }),
  model: z.string(),
  version: z.number().int(),
  contract: z.number().int(),
  requestedBy: z.string(),
  comment: z.string(),
  createdAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
  appliedAt: z.iso.datetime().nullable(),
  slots: z.array(slotView),
  /** Whether the caller may fill an open slot. */
  waitsForMe: z.boolean(),
});
export type PromotionSummary = z.output<typeof promotionSummary>;
export const promotionPage = pageOf(promotionSummary);

const leafValue = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]);

/** What one clause (or `identity`, `interface`, `serving`) changes in the compiled settings. */
export const clauseChanges = z.object({
  clause: z.string(),
  changes: z.array(
    z.object({
      path: z.string(),
      /** Absent: not there on that side. */
      before: leafValue.optional(),
      after: leafValue.optional(),
    }),
  ),
});
export type ClauseChanges = z.output<typeof clauseChanges>;

const served = z.object({
  revision: z.string(),
  model: z.string(),
  version: z.number().int(),
  versionDigest: z.string(),
  contract: z.number().int(),
});

/** The gate before anything is requested: what would be decided on. */
export const promotionPreview = z.object({
  gate: z.array(gateItem),
  inputs: promotionInputs,
  inputsDigest: z.string(),
  contract: z.number().int(),
  versionDigest: z.string(),
  incumbent: served.nullable(),
  /** Against what serves; without an incumbent, every setting is new. */
  changes: z.array(clauseChanges),
  /** Why a request would be refused now; null: it would be taken. */
  refusal: z.string().nullable(),
});
export type PromotionPreview = z.output<typeof promotionPreview>;

export const promotionDecision = z.object({
  slot,
  decision: z.enum(["approve", "reject"]),
  by: z.string(),
  comment: z.string(),
  at: z.iso.datetime(),
  inputsDigest: z.string(),
  stale: z.boolean(),
  /** From what was decided on to what holds now. */
  changes: z.array(inputChange),
});

export const promotion = promotionSummary.extend({
  versionDigest: z.string(),
  /** As of now while it is open, else as of the decision. */
  gate: z.array(gateItem),
  inputs: promotionInputs,
  inputsDigest: z.string(),
  incumbent: served.nullable(),
  changes: z.array(clauseChanges),
  decisions: z.array(promotionDecision),
  excluded: z.array(z.object({ email: z.string(), why: z.enum(["requester", "registrar"]) })),
  /** Who could fill each slot that is still open. */
  candidates: z.object({ validator: z.array(z.string()), governance: z.array(z.string()) }),
  revision: z.string().nullable(),
  mine: z.object({
    approveSlots: z.array(slot),
    /** Why the caller cannot approve now; null: can. */
    approveBlocked: z.string().nullable(),
    rejectSlots: z.array(slot),
    rejectBlocked: z.string().nullable(),
    mayWithdraw: z.boolean(),
  }),
});
export type Promotion = z.output<typeof promotion>;

export const decisionCount = z.object({ count: z.number().int() });
