import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { PROMOTION_COLUMNS } from "@/lib/governance/promotion-view";

/**
 * Locks the endpoint of a promotion, then the promotion, until the transaction ends, and reads it: who comes second sees what the
 * first one did. The endpoint comes first everywhere, for whoever holds it also writes its other promotions. `not_found` for an
 * unknown id.
 */
export async function lockPromotion(tx: Tx, id: number) {
  // The endpoint of a promotion never changes, so it can be read before the promotion is locked.
  await tx.$queryRaw`SELECT id FROM endpoint WHERE id = (SELECT endpoint_id FROM promotion WHERE id = ${id}) FOR UPDATE`;
  await tx.$queryRaw`SELECT id FROM promotion WHERE id = ${id} FOR UPDATE`;
  const row = await tx.promotion.findUnique({ where: { id }, include: PROMOTION_COLUMNS });
  if (!row) throw new AppError("not_found", `There is no promotion ${id}.`);
  return row;
}
