import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { lockContract } from "@/lib/contracts/commands/lock-contract";
import { mayBecome, toContractState } from "@/lib/contracts/contract-state";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { validateDocument } from "@/lib/contracts/validate-document";
import { inTransaction } from "@/lib/db";
import { findClusterCapabilities } from "@/lib/deployments/commands/find-cluster-capabilities";
import { digestOf } from "@/lib/digest";
import { AppError } from "@/lib/errors";
import { refuseInfeasible } from "@/lib/governance/commands/refuse-infeasible";
import { SIGNATURE_SLOTS } from "@/lib/governance/contract-signing";
import { signingStatus, submitContractInput } from "@/lib/governance/contract-view";
import { operation } from "@/lib/operation";
import { capabilitiesFor } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import type { Capabilities } from "@/lib/serving/schema";

/**
 * Fixes a draft and its digest, so that it can be signed. Throws `invalid` with a message by field for every contradiction and
 * for everything that the serving target cannot express or measure, `conflict` when it is no draft or was edited meanwhile,
 * `precondition` with curve and alternatives when a measured load curve shows that it cannot be kept.
 */
export const submitContract = operation({
  name: "contract.submit",
  permission: "contract:submit",
  input: submitContractInput,
  output: signingStatus,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const contract = await lockContract(tx, input);
      const state = toContractState(contract.state);
      if (!mayBecome(state, "submitted")) {
        throw new AppError("conflict", `Contract ${input.n} is ${state}: only a draft can be submitted.`);
      }
      if (input.revision !== undefined && input.revision !== contract.revision) {
        const message = `${contract.updatedBy} changed this draft meanwhile: it is at revision ${contract.revision}, you saw ${input.revision}. Look at it again.`;
        throw new AppError("conflict", message, undefined, { details: { revision: contract.revision } });
      }
      const document = contractDocument.parse(contract.document);
      refuseContradictions(document, capabilitiesFor(document.serving.target, await findClusterCapabilities(tx)));
      const { useCaseId } = contract;
      await refuseInfeasible(tx, { useCaseId, document, candidate: input.candidate }, "It is not submitted");
      const digest = digestOf(contract.document);
      await tx.contract.update({
        where: { id: contract.id },
        data: {
          state: "submitted",
          digest,
          submittedAt: new Date(),
          updatedBy: principal.email,
          updatedAt: new Date(),
        },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "contract.submit",
        outcome: "done",
        subjectType: "contract",
        subject: `${input.slug}/${input.n}`,
        before: { state },
        after: { state: "submitted", digest },
      });
      return {
        useCase: input.slug,
        number: input.n,
        state: "submitted" as const,
        digest,
        signatures: [],
        missing: [...SIGNATURE_SLOTS],
      };
    }),
});

function refuseContradictions(document: ContractDocument, capabilities: Capabilities): void {
  const problems = [...validateDocument(document)];
  const { cannot } = compile(document, null, capabilities);
  for (const { clause, reason, fix } of cannot) {
    const index = document.clauses.findIndex(({ id }) => id === clause);
    problems.push({ path: index < 0 ? clause : `clauses.${index}.probe`, message: `${reason}; ${fix}` });
  }
  const first = problems[0];
  if (!first) return;
  const fields: Record<string, string[]> = {};
  for (const { path, message } of problems) {
    fields[path] ??= [];
    fields[path].push(message);
  }
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  throw new AppError("invalid", `This contract cannot be submitted. ${first.path}: ${first.message}${more}`, fields, {
    details: { problems, cannot },
  });
}
