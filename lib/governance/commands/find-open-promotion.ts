import "server-only";
import type { Tx } from "@/lib/db";
import { OPEN_STATES } from "@/lib/governance/promotion-state";

/** The number of the promotion that is open on an endpoint, or null. */
export async function findOpenPromotion(tx: Tx, endpointId: string): Promise<number | null> {
  const open = await tx.promotion.findFirst({
    where: { endpointId, state: { in: [...OPEN_STATES] } },
    select: { id: true },
  });
  return open?.id ?? null;
}
