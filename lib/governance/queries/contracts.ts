import "server-only";
import type { Principal } from "@/lib/auth/schema";
import { toContractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";
import { contractRef, listContractsInput } from "@/lib/contracts/schema";
import { validateDocument } from "@/lib/contracts/validate-document";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { missingSlots, type SignatureSlot, signatureSlot, signingOf, slotsOf } from "@/lib/governance/contract-signing";
import { type ContractSummary, contractSummary, contractView, standingOf } from "@/lib/governance/contract-view";
import { operation } from "@/lib/operation";
import { keyAfter, pageOf, rowKey, toPage } from "@/lib/page";
import type { Prisma } from "@/prisma/generated/client";

const COLUMNS = {
  useCase: {
    select: { slug: true, endpoints: { select: { serving: { select: { contract: { select: { number: true } } } } } } },
  },
  signatures: { orderBy: { signedAt: "asc" } },
  revisions: { where: { servingOn: { some: {} } }, select: { servingOn: { select: { name: true } } } },
} as const satisfies Prisma.ContractInclude;
type Row = Prisma.ContractGetPayload<{ include: typeof COLUMNS }>;

/** Versions of a use case's contract, the newest first. Throws `not_found` for a use case that is not there. */
export const listContracts = operation({
  name: "contract.list",
  permission: "contract:read",
  input: listContractsInput,
  output: pageOf(contractSummary),
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, rowKey);
    const useCase = await db().useCase.findUnique({ where: { slug: input.slug }, select: { id: true } });
    if (!useCase) throw new AppError("not_found", `There is no use case ${input.slug}.`);
    const rows = await db().contract.findMany({
      where: { useCaseId: useCase.id, ...(after !== undefined && { number: { lt: Number(after) } }) },
      include: COLUMNS,
      orderBy: { number: "desc" },
      take: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => String(row.number), toSummary);
  },
});

/** One version with its document, signatures, and what the caller may do about it. Throws `not_found`. */
export const getContract = operation({
  name: "contract.get",
  permission: "contract:read",
  input: contractRef,
  output: contractView,
  run: async ({ principal, input }) => {
    const row = await db().contract.findFirst({
      where: { number: input.n, useCase: { slug: input.slug } },
      include: COLUMNS,
    });
    if (!row) throw new AppError("not_found", `There is no contract ${input.n} of ${input.slug}.`);
    const document = contractDocument.parse(row.document);
    return {
      ...toSummary(row),
      document,
      problems: validateDocument(document),
      missing: row.state === "submitted" ? await peopleFor(missingSlots(signaturesOf(row))) : [],
      signing: signingFor(principal, row),
    };
  },
});

function signaturesOf(row: Row) {
  return row.signatures.map((each) => ({ ...each, slot: signatureSlot.parse(each.slot) }));
}

function toSummary(row: Row): ContractSummary {
  const state = toContractState(row.state);
  const inForceOn = row.revisions.flatMap(({ servingOn }) => servingOn.map(({ name }) => name)).sort();
  const governing = row.useCase.endpoints.flatMap(({ serving }) => serving?.contract.number ?? []);
  const highest = governing.length === 0 ? null : Math.max(...governing);
  return {
    useCase: row.useCase.slug,
    number: row.number,
    state,
    standing: standingOf({ state, number: row.number, inForce: inForceOn.length > 0 }, highest),
    digest: row.digest,
    revision: row.revision,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    updatedBy: row.updatedBy,
    updatedAt: row.updatedAt.toISOString(),
    submittedAt: row.submittedAt?.toISOString() ?? null,
    signedAt: row.signedAt?.toISOString() ?? null,
    signatures: signaturesOf(row).map(({ slot, email, digest, comment, signedAt }) => ({
      slot,
      email,
      digest,
      comment,
      signedAt: signedAt.toISOString(),
    })),
    inForceOn,
  };
}

function signingFor(principal: Principal, row: Row) {
  const contract = { state: toContractState(row.state), digest: row.digest, signatures: signaturesOf(row) };
  const slots = slotsOf(principal.roles).filter((slot) => signingOf(principal, contract, slot).ok);
  const refusal = signingOf(principal, contract);
  return { slots, reason: slots.length > 0 || refusal.ok ? null : refusal.reason };
}

/** Persons who have the role of an open slot: who to ask. */
function peopleFor(slots: readonly SignatureSlot[]) {
  return Promise.all(
    slots.map(async (slot) => {
      const rows = await db().user.findMany({
        where: { kind: "person", disabledAt: null, roles: { some: { role: slot } } },
        select: { email: true },
        orderBy: { email: "asc" },
        take: 5,
      });
      return { slot, people: rows.map(({ email }) => email) };
    }),
  );
}
