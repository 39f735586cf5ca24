import "server-only";
import { toContractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { versionKey } from "@/lib/governance/evidence-run";
import { fittingContracts } from "@/lib/governance/fitting-contract";
import { interfaceProblems } from "@/lib/governance/interface-fit";
import { operation } from "@/lib/operation";
import { modelSchema } from "@/lib/registry/model-schema";

/** So many contracts are looked at, the last changed first; so many are returned. */
const LOOKED_AT = 40;
const RETURNED = 8;

/**
 * Contracts under which a version could be measured: of each use case the newest signed one and the newest that is worked on, where
 * the interface fits the version. Signed ones first, then the last changed. `not_found` for the version.
 */
export const listFittingContracts = operation({
  name: "evidence.contracts",
  permission: "contract:read",
  input: versionKey,
  output: fittingContracts,
  run: async ({ input: { name, version } }) => {
    const row = await db().modelVersion.findFirst({
      where: { number: version, model: { name } },
      select: { schema: true },
    });
    if (!row) throw new AppError("not_found", `There is no version ${version} of a model ${name}.`);
    const contracts = await db().contract.findMany({
      where: { state: { not: "withdrawn" } },
      include: { useCase: { select: { slug: true } } },
      orderBy: [{ updatedAt: "desc" }, { id: "desc" }],
      take: LOOKED_AT,
    });
    const schema = modelSchema.parse(row.schema);
    const seen = new Set<string>();
    const newest = contracts.filter(({ useCase, state }) => {
      const kind = `${useCase.slug} ${state === "signed" ? "signed" : "open"}`;
      return !seen.has(kind) && seen.add(kind);
    });
    const items = newest.flatMap(({ useCase, number, state, digest, document: stored }) => {
      const document = contractDocument.parse(stored);
      if (interfaceProblems(document.interface, schema).length > 0) return [];
      return [{ useCase: useCase.slug, number, state: toContractState(state), digest, document }];
    });
    const signedFirst = items.toSorted((a, b) => Number(b.state === "signed") - Number(a.state === "signed"));
    return { items: signedFirst.slice(0, RETURNED) };
  },
});
