import "server-only";
import type { Tx } from "@/lib/db";
import { ROLLOUT_NAMES } from "@/lib/deployments/rollout-row";

/** Locks a rollout until the transaction ends, and reads it; null: there is none. Whoever also writes its endpoint locks that first. */
export async function lockRollout(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT id FROM rollout WHERE id = ${id}::uuid FOR UPDATE`;
  return tx.rollout.findUnique({ where: { id }, include: ROLLOUT_NAMES });
}
