import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { createUseCaseInput, useCase } from "@/lib/contracts/schema";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { operation } from "@/lib/operation";

/** Registers a use case. The owner is a person with the role owner. Throws `conflict` when the slug is taken. */
export const createUseCase = operation({
  name: "use_case.create",
  permission: "use_case:write",
  input: createUseCaseInput,
  output: useCase,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const owner = await tx.user.findUnique({ where: { email: input.owner }, include: { roles: true } });
      const mayOwn = owner?.kind === "person" && owner.disabledAt === null;
      if (!mayOwn || !owner.roles.some(({ role }) => role === "owner")) {
        const message = `${input.owner} is not a person with the role owner`;
        throw new AppError("invalid", `${message}.`, { owner: [message] });
      }
      const { owner: ownerEmail, ...facts } = input;
      // No select-then-insert: two people may choose the same slug at once.
      const { count } = await tx.useCase.createMany({
        data: [{ ...facts, ownerEmail, ownerId: owner.id, createdBy: principal.email }],
        skipDuplicates: true,
      });
      if (count === 0) {
        throw new AppError("conflict", `There is a use case ${input.slug} already.`, { slug: ["taken already"] });
      }
      const { createdAt } = await tx.useCase.findUniqueOrThrow({ where: { slug: input.slug } });
      await recordAudit(tx, {
        actor: principal,
        action: "use_case.create",
        outcome: "done",
        subjectType: "use_case",
        subject: input.slug,
        after: input,
      });
      return {
        ...facts,
        owner: ownerEmail,
        createdBy: principal.email,
        createdAt: createdAt.toISOString(),
        latestContract: null,
        signedContract: null,
      };
    }),
});
