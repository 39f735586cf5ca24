import "server-only";
import type { z } from "zod";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { draftFrom } from "@/lib/contracts/archetypes";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { contractDraft, createContractInput } from "@/lib/contracts/schema";
import { validateDocument } from "@/lib/contracts/validate-document";
import { inTransaction, type Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { invalid, operation } from "@/lib/operation";

/**
 * Begins the next version of a use case's contract: from a document, an archetype, the latest signed version (an amendment) or
 * a copy of any version. Throws `not_found`, and `conflict` while another version is open or there is nothing to amend.
 */
export const draftContract = operation({
  name: "contract.draft",
  permission: "contract:draft",
  input: createContractInput,
  output: contractDraft,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const useCase = await lockUseCase(tx, input.slug);
      const open = await tx.contract.findFirst({
        where: { useCaseId: useCase.id, state: { in: ["draft", "submitted"] } },
      });
      if (open) {
        throw new AppError(
          "conflict",
          `Contract ${open.number} of ${input.slug} is open (${open.state}): edit or withdraw it first. One version is worked on at a time.`,
          undefined,
          { details: { number: open.number, state: open.state } },
        );
      }
      const document = await documentFrom(tx, useCase.id, input);
      const last = await tx.contract.aggregate({ where: { useCaseId: useCase.id }, _max: { number: true } });
      const number = (last._max.number ?? 0) + 1;
      await tx.contract.create({
        data: { useCaseId: useCase.id, number, document, createdBy: principal.email, updatedBy: principal.email },
      });
      await recordAudit(tx, {
        actor: principal,
        action: "contract.draft",
        outcome: "done",
        subjectType: "contract",
        subject: `${input.slug}/${number}`,
        after: { from: input.from, document },
      });
      const problems = validateDocument(document);
      return { useCase: input.slug, number, state: "draft" as const, revision: 1, document, problems };
    }),
});

/** Two people who begin at once get one version and one refusal. */
async function lockUseCase(tx: Tx, slug: string): Promise<{ readonly id: string }> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM use_case WHERE slug = ${slug} FOR UPDATE`;
  if (!row) throw new AppError("not_found", `There is no use case ${slug}.`);
  return row;
}

async function documentFrom(
  tx: Tx,
  useCaseId: string,
  input: z.output<typeof createContractInput>,
): Promise<ContractDocument> {
  switch (input.from) {
    case "document":
      return input.document;
    case "archetype": {
      const made = contractDocument.safeParse(draftFrom(input.archetype, input));
      if (!made.success) throw invalid(made.error);
      return made.data;
    }
    case "amendment": {
      const signed = await tx.contract.findFirst({
        where: { useCaseId, state: "signed" },
        orderBy: { number: "desc" },
      });
      if (!signed) throw new AppError("conflict", "There is no signed contract to amend: begin from an archetype.");
      return contractDocument.parse(signed.document);
    }
    case "copy": {
      const source = await tx.contract.findUnique({ where: { useCaseId_number: { useCaseId, number: input.of } } });
      if (!source) throw new AppError("not_found", `There is no contract ${input.of} to copy.`);
      return contractDocument.parse(source.document);
    }
  }
}
