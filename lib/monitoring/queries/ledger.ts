import "server-only";
import { sparkReadings } from "@/lib/clickhouse/clause-readings";
import { hasClickHouse } from "@/lib/clickhouse/client";
import { contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { ledgerRow, type SparkPoint } from "@/lib/monitoring/ledger-rows";
import { clauseStateName, getLedgerInput, type Ledger, ledger } from "@/lib/monitoring/schema";
import { operation } from "@/lib/operation";
import { DAY_MS } from "@/lib/time";

const SPARK_POINTS = 48;

/**
 * Every clause of the contract in force on the use case's endpoint, with its last evaluation. Where nothing serves yet, the clauses of the
 * newest signed contract, all unproven; `notice` says why.
 */
export const getLedger = operation({
  name: "ledger.get",
  permission: "ledger:read",
  input: getLedgerInput,
  output: ledger,
  run: async ({ input }): Promise<Ledger> => {
    const useCase = await db().useCase.findUnique({
      where: { slug: input.slug },
      select: { id: true, slug: true, name: true },
    });
    if (!useCase) throw new AppError("not_found", `There is no use case ${input.slug}.`);
    const head = { useCase: { slug: useCase.slug, name: useCase.name }, environment: input.environment };
    const endpoint = await db().endpoint.findUnique({
      where: { useCaseId_environment: { useCaseId: useCase.id, environment: input.environment } },
      include: {
        serving: { include: { contract: true } },
        clauseStates: true,
        breaches: { where: { closedAt: null } },
      },
    });
    const contract = endpoint?.serving?.contract ?? null;
    if (!endpoint || !contract) return { ...head, endpoint: endpoint?.name ?? null, ...(await notInForce(useCase.id)) };

    const now = Date.now();
    const sparks = await sparksOf(endpoint.name, now);
    const clauses = contractDocument.parse(contract.document).clauses.map((clause) =>
      ledgerRow(
        clause,
        endpoint.clauseStates.find((state) => state.clauseId === clause.id && state.contractId === contract.id),
        {
          why: hasClickHouse() ? "not evaluated yet" : "nothing is measured here: set CLICKHOUSE_URL",
          breachOpenedAt: endpoint.breaches.find((breach) => breach.clauseId === clause.id)?.openedAt ?? null,
          spark: sparks.get(clause.id) ?? [],
          now,
        },
      ),
    );
    const notice = hasClickHouse() ? null : "Nothing is measured here: set CLICKHOUSE_URL.";
    return {
      ...head,
      endpoint: endpoint.name,
      contract: { number: contract.number, digest: contract.digest },
      clauses,
      notice,
    };
  },
});

async function notInForce(useCaseId: string): Promise<Pick<Ledger, "contract" | "clauses" | "notice">> {
  const signed = await db().contract.findFirst({ where: { useCaseId, state: "signed" }, orderBy: { number: "desc" } });
  if (!signed) return { contract: null, clauses: [], notice: "No contract is signed, so nothing is promised yet." };
  const notice = `Contract v${signed.number} is signed, not in force: no revision serves under it.`;
  const more = { why: "signed, not in force", breachOpenedAt: null, spark: [], now: 0 };
  const clauses = contractDocument.parse(signed.document).clauses.map((clause) => ledgerRow(clause, undefined, more));
  return { contract: null, clauses, notice };
}

/** Lines of the last 24 hours by clause; none while the store of measurements is away: the states are in PostgreSQL. */
async function sparksOf(endpoint: string, now: number): Promise<ReadonlyMap<string, SparkPoint[]>> {
  const rows = await sparkReadings(endpoint, now - DAY_MS, now + 1, SPARK_POINTS).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "unavailable") return [];
    throw error;
  });
  const sparks = new Map<string, SparkPoint[]>();
  for (const { clause, at, value, state } of rows) {
    const points = sparks.get(clause) ?? [];
    points.push({ at: new Date(at ?? 0).toISOString(), value, state: clauseStateName.parse(state) });
    sparks.set(clause, points);
  }
  return sparks;
}
