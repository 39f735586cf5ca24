import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { PROMOTION_COLUMNS } from "@/lib/governance/promotion-view";

/**
 * Locks a promotion, then its endpoint, until the transaction ends, and reads it: who comes second sees what the first one did.
 * Always in this order, so that nobody waits for each other. `not_found` for an unknown id.
 */
export async function lockPromotion(tx: Tx, id: number) {
  await tx.$queryRaw`SELECT id FROM promotion WHERE id = ${id} FOR UPDATE`;
  await tx.$queryRaw`
    SELECT e.id FROM endpoint e JOIN promotion p ON p.endpoint_id = e.id WHERE p.id = ${id} FOR UPDATE OF e`;
  const row = await tx.promotion.findUnique({ where: { id }, include: PROMOTION_COLUMNS });
  if (!row) throw new AppError("not_found", `There is no promotion ${id}.`);
  return row;
}
