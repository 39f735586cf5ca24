import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";

/** Holds the names of channels until the transaction ends. `conflict` for a name that another channel than `own` has. */
export async function lockChannelName(tx: Tx, name: string, own: string | null): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alert_channel.name'))`;
  const taken = await tx.alertChannel.findUnique({ where: { name }, select: { id: true } });
  if (taken && taken.id !== own) {
    throw new AppError("conflict", `There is a channel ${name} already.`, { name: ["this name is taken"] });
  }
}
