import "server-only";
import { contractDocument } from "@/lib/contracts/document";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { queueEvidenceRun } from "@/lib/governance/commands/queue-evidence-run";
import { evidenceRun, requestEvidenceRunInput } from "@/lib/governance/evidence-run";
import { toRun } from "@/lib/governance/evidence-run-view";
import { operation } from "@/lib/operation";

/**
 * Asks for a load test or a drill of a version under a contract: the worker makes it on a copy, never on the live endpoint. One that
 * is open already is returned. `not_found` for the contract, `invalid` for the version, `precondition` when the version could not be
 * verified, or the contract cannot be run under (withdrawn; for a drill also a draft).
 */
export const requestEvidenceRun = operation({
  name: "evidence_run.request",
  permission: "evidence:run",
  input: requestEvidenceRunInput,
  output: evidenceRun,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const { slug, n, model, version: number, kind } = input;
      const contract = await tx.contract.findFirst({ where: { number: n, useCase: { slug } } });
      if (!contract) throw new AppError("not_found", `There is no contract ${n} of ${slug}.`);
      const version = await tx.modelVersion.findFirst({ where: { number, model: { name: model } } });
      if (!version) {
        throw new AppError("invalid", `There is no version ${number} of a model ${model}.`, {
          version: ["no such version"],
        });
      }
      if (version.state === "failed") {
        throw new AppError("precondition", `${model} v${number} could not be verified: ${version.stateReason}`);
      }
      if (contract.state === "withdrawn" || (kind === "drill" && contract.state === "draft")) {
        const wanted = kind === "drill" ? "submitted or signed" : "a draft, submitted or signed";
        throw new AppError("precondition", `Contract ${n} is ${contract.state}; it has to be ${wanted}.`);
      }
      if (contractDocument.parse(contract.document).serving.target !== "local") {
        throw new AppError(
          "precondition",
          "This installation measures on the target local only: import a report instead.",
        );
      }
      const order = { kind, modelVersionId: version.id, contractId: contract.id, actor: principal };
      return toRun(await queueEvidenceRun(tx, order));
    }),
});
