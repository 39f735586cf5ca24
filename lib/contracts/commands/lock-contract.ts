import "server-only";
import type { Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";

const WITH = { useCase: true, signatures: { orderBy: { signedAt: "asc" } } } as const;

/** The contract version with its use case and signatures, locked until the transaction ends. Throws `not_found`. */
export async function lockContract(tx: Tx, ref: { readonly slug: string; readonly n: number }) {
  const [locked] = await tx.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM contract c JOIN use_case u ON u.id = c.use_case_id
    WHERE u.slug = ${ref.slug} AND c.number = ${ref.n} FOR UPDATE OF c`;
  if (!locked) throw new AppError("not_found", `There is no contract ${ref.n} of ${ref.slug}.`);
  return tx.contract.findUniqueOrThrow({ where: { id: locked.id }, include: WITH });
}
