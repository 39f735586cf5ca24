import "server-only";
import type { Tx } from "@/lib/db";

/** Milliseconds between two looks at a cluster. */
const EVERY_MS = 60_000;

/** Ids of the clusters that are due at `now`; each is due again a minute later, so two workers do not look at one at once. */
export async function claimClusterChecks(tx: Tx, now: Date): Promise<readonly string[]> {
  const next = new Date(now.getTime() + EVERY_MS);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE cluster SET next_check_at = ${next} WHERE next_check_at <= ${now} RETURNING id::text`;
  return rows.map(({ id }) => id);
}
