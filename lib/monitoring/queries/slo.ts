import "server-only";
import { burnWindows } from "@/lib/clickhouse/burn-windows";
import { hasClickHouse } from "@/lib/clickhouse/client";
import { serviceSeries } from "@/lib/clickhouse/service-windows";
import { clauseName } from "@/lib/contracts/clause-words";
import { contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { countsOf } from "@/lib/monitoring/burn-rate";
import {
  type BudgetPlan,
  budgetAsks,
  budgetPlan,
  budgetPoints,
  countedFrom,
  errorBudgetView,
  pointRange,
} from "@/lib/monitoring/error-budget";
import { clauseStateName } from "@/lib/monitoring/schema";
import { type EndpointSlo, endpointSlo, getEndpointSloInput } from "@/lib/monitoring/slo-view";
import { operation } from "@/lib/operation";

/** Error budgets of the clauses in force on an endpoint: what is left, how fast it burns, which alerts watch it. Worst first. */
export const getEndpointSlo = operation({
  name: "endpoint.slo",
  permission: "ledger:read",
  input: getEndpointSloInput,
  output: endpointSlo,
  run: async ({ input }): Promise<EndpointSlo> => {
    const now = Date.now();
    const row = await findEndpoint(input.name);
    const contract = row.serving?.contract ?? null;
    const [firing, channels] = await Promise.all([
      db().alert.count({ where: { endpointId: row.id, state: "firing" } }),
      db().alertChannel.count({
        where: { enabled: true, removedAt: null, OR: [{ endpointId: null }, { endpointId: row.id }] },
      }),
    ]);
    const clauses = contract ? contractDocument.parse(contract.document).clauses : [];
    const plans = clauses.flatMap((clause) => budgetPlan(clause, now) ?? []);
    const states = new Map(
      row.clauseStates
        .filter(({ contractId }) => contractId === contract?.id)
        .map(({ clauseId, state }) => [clauseId, clauseStateName.parse(state)]),
    );
    const budgets = hasClickHouse() ? await budgetsOf(row.name, plans, states, now) : [];
    return {
      endpoint: row.name,
      useCase: { slug: row.useCase.slug, name: row.useCase.name },
      contract: contract && { number: contract.number, digest: contract.digest },
      at: new Date(now).toISOString(),
      budgets: budgets.sort((a, b) => (a.left ?? 2) - (b.left ?? 2)),
      withoutBudget: clauses
        .filter(({ id }) => !plans.some(({ clause }) => clause.id === id))
        .map((clause) => ({ clause: clause.id, name: clauseName(clause), reason: whyNone(clause.kind) })),
      firing,
      channels,
      notice: noticeOf(contract !== null),
    };
  },
});

async function findEndpoint(name: string) {
  const row = await db().endpoint.findUnique({
    where: { name },
    include: {
      useCase: { select: { slug: true, name: true } },
      serving: { select: { contract: { select: { id: true, number: true, digest: true, document: true } } } },
      clauseStates: true,
    },
  });
  if (!row) throw new AppError("not_found", `There is no endpoint ${name}.`);
  return row;
}

function noticeOf(serves: boolean): string | null {
  if (!serves) return "Nothing serves here, so nothing is promised and no budget can burn.";
  return hasClickHouse() ? null : "Nothing is measured here: set CLICKHOUSE_URL.";
}

function whyNone(kind: string): string {
  return kind === "throughput"
    ? "refusals beyond the ceiling are what it promises"
    : "it counts no failing requests: its state alone alerts";
}

async function budgetsOf(
  endpoint: string,
  plans: readonly BudgetPlan[],
  states: ReadonlyMap<string, EndpointSlo["budgets"][number]["state"]>,
  now: number,
) {
  const asks = plans.map((plan) => budgetAsks(endpoint, plan));
  const [sums, points] = await Promise.all([
    burnWindows(asks.flat()),
    Promise.all(plans.map((plan) => pointsOf(endpoint, plan))),
  ]);
  let next = 0;
  return plans.map((plan, i) => {
    const length = asks[i]?.length ?? 0;
    const counted = countedFrom(plan, sums.slice(next, next + length));
    next += length;
    return errorBudgetView(plan, counted, {
      points: points[i] ?? [],
      state: states.get(plan.clause.id) ?? null,
      now,
    });
  });
}

async function pointsOf(endpoint: string, plan: BudgetPlan) {
  const { from, to, grain, stepMs } = pointRange(plan);
  const slices = await serviceSeries(grain, { endpoint, from, to, ...plan.clause.population }, stepMs / 1000);
  return budgetPoints(
    plan,
    slices.map((slice) => ({ at: slice.at, counts: countsOf(plan.clause, slice) })),
  );
}
