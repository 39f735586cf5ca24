import "server-only";
import { role } from "@/lib/auth/schema";
import { db, inTransaction, type Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { findOpenPromotion } from "@/lib/governance/commands/find-open-promotion";
import { findSubject } from "@/lib/governance/commands/find-subject";
import { loadPromotionFacts } from "@/lib/governance/commands/load-promotion-facts";
import { type Replacement, toDetail, toPreview } from "@/lib/governance/promotion-detail";
import { promotionInputs } from "@/lib/governance/promotion-inputs";
import { OPEN_STATES } from "@/lib/governance/promotion-state";
import { PROMOTION_COLUMNS, toSummary, waitsFor } from "@/lib/governance/promotion-view";
import {
  decisionCount,
  listPromotionsInput,
  promotion,
  promotionKey,
  promotionPage,
  promotionPreview,
  promotionSubject,
} from "@/lib/governance/schema";
import { SLOTS } from "@/lib/governance/separation-of-duties";
import { operation } from "@/lib/operation";
import { keyAfter, pageInput, rowKey, toPage } from "@/lib/page";
import { servingSpec } from "@/lib/serving/schema";

/** Newest first. `state` may be `open`: in review, approved or being applied. */
export const listPromotions = operation({
  name: "promotion.list",
  permission: "promotion:read",
  input: listPromotionsInput,
  output: promotionPage,
  run: async ({ principal, input }) => {
    const after = keyAfter(input.cursor, rowKey);
    const rows = await db().promotion.findMany({
      where: {
        ...(after !== undefined && { id: { lt: Number(after) } }),
        ...(input.state && { state: input.state === "open" ? { in: [...OPEN_STATES] } : input.state }),
        endpoint: {
          ...(input.endpoint && { name: input.endpoint }),
          ...(input.useCase && { useCase: { slug: input.useCase } }),
        },
      },
      include: PROMOTION_COLUMNS,
      orderBy: { id: "desc" },
      take: input.limit + 1,
    });
    return toPage(
      rows,
      input.limit,
      (row) => `${row.id}`,
      (row) => toSummary(row, principal),
    );
  },
});

/** What waits for a decision of the caller, oldest first. An endpoint has one open promotion, so these are few. */
export const listMyDecisions = operation({
  name: "promotion.mine",
  permission: "promotion:read",
  input: pageInput.pick({ limit: true }),
  run: async ({ principal, input }) => {
    const rows = await db().promotion.findMany({
      where: { state: "in_review" },
      include: PROMOTION_COLUMNS,
      orderBy: { id: "asc" },
    });
    const mine = rows.filter((row) => waitsFor(row, principal));
    return mine.slice(0, input.limit).map((row) => toSummary(row, principal));
  },
});

/** How many promotions wait for a decision of the caller. */
export const countMyDecisions = operation({
  name: "promotion.count_mine",
  permission: "promotion:read",
  input: pageInput.pick({}),
  output: decisionCount,
  run: async ({ principal }) => {
    if (!SLOTS.some((slot) => principal.roles.includes(slot))) return { count: 0 };
    const rows = await db().promotion.findMany({ where: { state: "in_review" }, include: PROMOTION_COLUMNS });
    return { count: rows.filter((row) => waitsFor(row, principal)).length };
  },
});

/** A promotion with gate, inputs and difference as they are now (once it is decided: as they were), and what the caller may do. */
export const getPromotion = operation({
  name: "promotion.get",
  permission: "promotion:read",
  input: promotionKey,
  output: promotion,
  run: async ({ principal, input }) => {
    const people = await db().user.findMany({
      where: { disabledAt: null, roles: { some: { role: { in: [...SLOTS] } } } },
      include: { roles: true },
      orderBy: { email: "asc" },
      take: 200,
    });
    const able = people.map(({ id, email, kind, roles }) => ({
      id,
      email,
      kind: kind === "service" ? ("service" as const) : ("person" as const),
      roles: roles.flatMap((each) => role.safeParse(each.role).data ?? []),
    }));
    // One transaction: the digest that is shown is that of the gate that is shown.
    return inTransaction(async (tx) => {
      const row = await tx.promotion.findUnique({
        where: { id: input.id },
        include: { ...PROMOTION_COLUMNS, revision: { select: { name: true, spec: true } } },
      });
      if (!row) throw new AppError("not_found", `There is no promotion ${input.id}.`);
      const inReview = row.state === "in_review" || row.state === "approved";
      const facts = inReview ? await loadPromotionFacts(tx, row) : null;
      const kept = row.revision && (await findReplaced(tx, row.inputs, row.revision.spec));
      return toDetail({ row, facts, kept, principal, people: able });
    });
  },
});

/** What an applied promotion brought, and the revision that served before it. */
async function findReplaced(tx: Tx, stored: unknown, spec: unknown): Promise<Replacement> {
  const name = promotionInputs.parse(stored).incumbent?.revision;
  const before = name
    ? await tx.revision.findUnique({
        where: { name },
        include: { contract: true, modelVersion: { include: { model: true } } },
      })
    : null;
  const incumbent = before && {
    revision: before.name,
    model: before.modelVersion.model.name,
    version: before.modelVersion.number,
    versionDigest: before.modelVersion.digest,
    contract: before.contract.number,
    spec: servingSpec.parse(before.spec),
  };
  return { spec: servingSpec.parse(spec), incumbent };
}

/** The gate and the difference of a promotion that nobody has requested yet. */
export const previewPromotion = operation({
  name: "promotion.preview",
  permission: "promotion:read",
  input: promotionSubject,
  output: promotionPreview,
  run: ({ input }) =>
    inTransaction(async (tx) => {
      const { endpoint, version } = await findSubject(tx, input, { lock: false });
      const facts = await loadPromotionFacts(tx, { endpointId: endpoint.id, modelVersionId: version.id });
      return toPreview(facts, await findOpenPromotion(tx, endpoint.id));
    }),
});
