import "server-only";
import { contractDocument } from "@/lib/contracts/document";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { loadFeasibility } from "@/lib/governance/commands/load-feasibility";
import { contractFeasibility, contractFeasibilityInput } from "@/lib/governance/evidence-run";
import { operation } from "@/lib/operation";

/**
 * What measured load curves say of a version of the contract, or of a document that is being edited: of what serves, and of a candidate.
 * `not_found` for the use case or the version, `invalid` when neither `n` nor `document` is given.
 */
export const getFeasibility = operation({
  name: "contract.feasibility",
  permission: "contract:read",
  input: contractFeasibilityInput,
  output: contractFeasibility,
  run: ({ input: { slug, n, document, candidate } }) =>
    inTransaction(async (tx) => {
      const useCase = await tx.useCase.findUnique({ where: { slug }, select: { id: true } });
      if (!useCase) throw new AppError("not_found", `There is no use case ${slug}.`);
      if (document) return loadFeasibility(tx, { useCaseId: useCase.id, document, candidate });
      if (n === undefined) {
        throw new AppError("invalid", "Name a version of the contract, or hand in a document.", { n: ["needed"] });
      }
      const row = await tx.contract.findFirst({ where: { useCaseId: useCase.id, number: n } });
      if (!row) throw new AppError("not_found", `There is no contract ${n} of ${slug}.`);
      const stored = contractDocument.parse(row.document);
      return loadFeasibility(tx, { useCaseId: useCase.id, document: stored, candidate });
    }),
});
