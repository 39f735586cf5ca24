import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";

type Named = { readonly endpoint: string; readonly model: string; readonly version: number };

/** The rows that a request names. With `lock` the endpoint is held until the transaction ends. `invalid` by field for an unknown name. */
export async function findSubject(tx: Tx, named: Named, options: { readonly lock: boolean }) {
  const endpoint = await tx.endpoint.findUnique({ where: { name: named.endpoint }, include: { useCase: true } });
  if (!endpoint) {
    throw new AppError("invalid", `There is no endpoint ${named.endpoint}.`, { endpoint: ["no such endpoint"] });
  }
  if (options.lock) await tx.$queryRaw`SELECT id FROM endpoint WHERE id = ${endpoint.id}::uuid FOR UPDATE`;
  const model = await tx.registeredModel.findUnique({ where: { name: named.model }, select: { id: true } });
  if (!model) throw new AppError("invalid", `There is no model ${named.model}.`, { model: ["no such model"] });
  const version = await tx.modelVersion.findUnique({
    where: { modelId_number: { modelId: model.id, number: named.version } },
  });
  if (!version) {
    const message = `${named.model} has no version ${named.version}.`;
    throw new AppError("invalid", message, { version: ["no such version"] });
  }
  return { endpoint, version };
}
