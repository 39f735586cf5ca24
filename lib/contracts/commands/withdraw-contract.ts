import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { lockContract } from "@/lib/contracts/commands/lock-contract";
import { mayBecome, toContractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";
import { contractDraft, withdrawContractInput } from "@/lib/contracts/schema";
import { validateDocument } from "@/lib/contracts/validate-document";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Takes a draft or submitted version off the table; it stays on record with its signatures. Throws `conflict` when it is final. */
export const withdrawContract = operation({
  name: "contract.withdraw",
  permission: "contract:submit",
  input: withdrawContractInput,
  output: contractDraft,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const contract = await lockContract(tx, input);
      const state = toContractState(contract.state);
      if (!mayBecome(state, "withdrawn")) {
        const way = state === "signed" ? " A signed contract is replaced by a signed amendment." : "";
        throw new AppError("conflict", `Contract ${input.n} is ${state} and cannot be withdrawn.${way}`);
      }
      await tx.contract.update({
        where: { id: contract.id },
        data: { state: "withdrawn", updatedBy: principal.email, updatedAt: new Date() },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "contract.withdraw",
        outcome: "done",
        subjectType: "contract",
        subject: `${input.slug}/${input.n}`,
        ...(input.comment && { reason: input.comment }),
        before: { state },
        after: { state: "withdrawn" },
      });
      const document = contractDocument.parse(contract.document);
      return {
        useCase: input.slug,
        number: input.n,
        state: "withdrawn" as const,
        revision: contract.revision,
        document,
        problems: validateDocument(document),
      };
    }),
});
