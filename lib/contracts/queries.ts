import "server-only";
import { z } from "zod";
import { toContractState } from "@/lib/contracts/contract-state";
import { listUseCasesInput, ownerCandidate, slug, type UseCase, useCase, useCaseRef } from "@/lib/contracts/schema";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";
import { keyAfter, pageOf, toPage } from "@/lib/page";
import type { Prisma } from "@/prisma/generated/client";

const WITH_CONTRACTS = {
  contracts: { select: { number: true, state: true, digest: true, signedAt: true }, orderBy: { number: "desc" } },
} as const satisfies Prisma.UseCaseInclude;
type Row = Prisma.UseCaseGetPayload<{ include: typeof WITH_CONTRACTS }>;

/** Use cases by slug. `q` looks into name, slug, team and owner. */
export const listUseCases = operation({
  name: "use_case.list",
  permission: "use_case:read",
  input: listUseCasesInput,
  output: pageOf(useCase),
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, slug);
    const contains = input.q && { contains: input.q, mode: "insensitive" as const };
    const rows = await db().useCase.findMany({
      where: {
        ...(after !== undefined && { slug: { gt: after } }),
        ...(contains && {
          OR: [{ name: contains }, { slug: contains }, { team: contains }, { ownerEmail: contains }],
        }),
      },
      include: WITH_CONTRACTS,
      orderBy: { slug: "asc" },
      take: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row.slug, toUseCase);
  },
});

/** One use case. Throws `not_found`. */
export const getUseCase = operation({
  name: "use_case.get",
  permission: "use_case:read",
  input: useCaseRef,
  output: useCase,
  run: async ({ input }) => {
    const row = await db().useCase.findUnique({ where: { slug: input.slug }, include: WITH_CONTRACTS });
    if (!row) throw new AppError("not_found", `There is no use case ${input.slug}.`);
    return toUseCase(row);
  },
});

/** Persons who may own a use case: those with the role owner, at most 200 by e-mail. */
export const listOwners = operation({
  name: "use_case.owners",
  permission: "use_case:read",
  input: z.object({}),
  output: z.object({ items: z.array(ownerCandidate) }),
  run: async () => {
    const items = await db().user.findMany({
      where: { kind: "person", disabledAt: null, roles: { some: { role: "owner" } } },
      select: { email: true, name: true },
      orderBy: { email: "asc" },
      take: 200,
    });
    return { items };
  },
});

function toUseCase(row: Row): UseCase {
  const latest = row.contracts[0];
  const signed = row.contracts.find((contract) => contract.state === "signed");
  return {
    slug: row.slug,
    name: row.name,
    purpose: row.purpose,
    team: row.team,
    owner: row.ownerEmail,
    costCentre: row.costCentre,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    latestContract: latest ? { number: latest.number, state: toContractState(latest.state) } : null,
    signedContract: signed?.digest
      ? { number: signed.number, digest: signed.digest, signedAt: (signed.signedAt ?? row.createdAt).toISOString() }
      : null,
  };
}
