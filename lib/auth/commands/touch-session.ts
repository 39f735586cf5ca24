import "server-only";
import type { Tx } from "@/lib/db";

/** Notes that a session was used just now; called at most once a minute per session. */
export async function touchSession(tx: Tx, id: string): Promise<void> {
  await tx.session.updateMany({ where: { id, revokedAt: null }, data: { lastSeenAt: new Date() } });
}
