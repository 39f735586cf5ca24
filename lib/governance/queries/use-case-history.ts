import "server-only";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { HISTORY_ACTIONS, historyEvent, toHistoryEvent, useCaseHistoryInput } from "@/lib/governance/use-case-history";
import { operation } from "@/lib/operation";
import { eventKey, keyAfter, pageOf, toPage } from "@/lib/page";

/**
 * What happened to a use case, its contracts, promotions and endpoints, newest first: for everybody who may read the contract.
 * Refused attempts and the values before and after are in the audit log only.
 */
export const listUseCaseHistory = operation({
  name: "use_case.history",
  permission: "contract:read",
  input: useCaseHistoryInput,
  output: pageOf(historyEvent),
  run: async ({ input }) => {
    const after = keyAfter(input.cursor, eventKey);
    const useCase = await db().useCase.findUnique({
      where: { slug: input.slug },
      select: {
        contracts: { select: { number: true } },
        endpoints: { select: { name: true, promotions: { select: { id: true } } } },
      },
    });
    if (!useCase) throw new AppError("not_found", `There is no use case ${input.slug}.`);
    const { contracts, endpoints } = useCase;
    const promotions = endpoints.flatMap((endpoint) => endpoint.promotions.map(({ id }) => String(id)));
    const rows = await db().auditEvent.findMany({
      where: {
        ...(after !== undefined && { id: { lt: BigInt(after) } }),
        outcome: "done",
        action: { in: [...HISTORY_ACTIONS] },
        OR: [
          { subjectType: "use_case", subject: input.slug },
          { subjectType: "contract", subject: { in: contracts.map(({ number }) => `${input.slug}/${number}`) } },
          { subjectType: "promotion", subject: { in: promotions } },
          { subjectType: "endpoint", subject: { in: endpoints.map(({ name }) => name) } },
          ...endpoints.map(({ name }) => ({ subjectType: "clause", subject: { startsWith: `${name}/` } })),
        ],
      },
      orderBy: { id: "desc" },
      take: input.limit + 1,
    });
    return toPage(rows, input.limit, (row) => row.id.toString(), toHistoryEvent);
  },
});
