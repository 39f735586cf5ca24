import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { lockContract } from "@/lib/contracts/commands/lock-contract";
import { isEditable, toContractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";
import { documentDifference } from "@/lib/contracts/document-difference";
import { contractDraft, type StaleEdit, updateDraftInput } from "@/lib/contracts/schema";
import { validateDocument } from "@/lib/contracts/validate-document";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/**
 * Replaces the document of a draft. Throws `conflict` for a contract that is no draft any more, and for an edit of an older
 * revision: then `details` is a `StaleEdit`, the difference from what stands there to what was sent.
 */
export const updateDraft = operation({
  name: "contract.update",
  permission: "contract:draft",
  input: updateDraftInput,
  output: contractDraft,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const contract = await lockContract(tx, input);
      const state = toContractState(contract.state);
      if (!isEditable(state)) {
        throw new AppError("conflict", `Contract ${input.n} is ${state}: only a draft can be edited. ${NEXT[state]}`);
      }
      const before = contractDocument.parse(contract.document);
      const difference = documentDifference(before, input.document);
      if (contract.revision !== input.revision) {
        const details: StaleEdit = {
          revision: contract.revision,
          updatedBy: contract.updatedBy,
          updatedAt: contract.updatedAt.toISOString(),
          document: before,
          difference,
        };
        const message = `${contract.updatedBy} changed this draft meanwhile (revision ${contract.revision}, yours began from ${input.revision}). Nothing was overwritten.`;
        throw new AppError("conflict", message, undefined, { details });
      }
      const revision = contract.revision + 1;
      await tx.contract.update({
        where: { id: contract.id },
        data: { document: input.document, revision, updatedBy: principal.email, updatedAt: new Date() },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "contract.update",
        outcome: "done",
        subjectType: "contract",
        subject: `${input.slug}/${input.n}`,
        after: { revision, difference },
      });
      const problems = validateDocument(input.document);
      return { useCase: input.slug, number: input.n, state, revision, document: input.document, problems };
    }),
});

const NEXT = {
  draft: "",
  submitted: "Withdraw it and begin a copy.",
  signed: "Begin an amendment.",
  withdrawn: "Begin a copy.",
} as const;
