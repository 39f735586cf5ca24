import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";

/** The endpoint whose alerts a channel is for; null for all. `invalid` for an unknown name. */
export async function findChannelEndpoint(tx: Tx, name: string | null) {
  if (name === null) return null;
  const row = await tx.endpoint.findUnique({ where: { name }, select: { id: true, name: true } });
  if (!row) throw new AppError("invalid", `There is no endpoint ${name}.`, { endpoint: ["no such endpoint"] });
  return row;
}
