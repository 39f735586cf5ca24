import { type BurnSums, burnWindows } from "@/lib/clickhouse/burn-windows";
import { hasClickHouse } from "@/lib/clickhouse/client";
import { lastProbes } from "@/lib/clickhouse/probe-results";
import { contractDocument } from "@/lib/contracts/document";
import { db, inTransaction } from "@/lib/db";
import { type AlertFacts, undecidedKinds, wantedAlerts } from "@/lib/monitoring/alert-rules";
import { countsOf } from "@/lib/monitoring/burn-rate";
import { recordAlerts } from "@/lib/monitoring/commands/record-alerts";
import {
  type BudgetPlan,
  budgetAsks,
  budgetPlan,
  countedFrom,
  leadMs,
  spentShare,
} from "@/lib/monitoring/error-budget";
import { livenessOf, type ProbeFacts } from "@/lib/monitoring/liveness";
import { HOUR_MS, MINUTE_MS } from "@/lib/time";
import { each } from "./each";
import type { Job } from "./job";

/** Raises and resolves alerts from what was last evaluated and counted. */
export const raiseAlerts: Job = {
  name: "raise alerts",
  everyMs: 4000,
  run: async () => {
    if (hasClickHouse()) await raiseAlertsAt(Date.now());
  },
};

/** One round over all endpoints, as of `now` (milliseconds since 1970); one query counts every window of every budget. */
export async function raiseAlertsAt(now: number): Promise<void> {
  const rows = await readEndpoints();
  const subjects = rows.map((row) => subjectOf(row, now));
  const asks = subjects.flatMap((subject) => asksOf(subject, now));
  const [sums, probes] = await Promise.all([burnWindows(asks), lastProbes(now - HOUR_MS, now + 1)]);
  const answers = takeInOrder(sums);
  const rounds = subjects.map((subject) => {
    const budgets = subject.plans.map((plan) => {
      const counted = countedFrom(plan, answers(budgetAsks(subject.row.name, plan).length));
      return { plan, counted };
    });
    const spent = new Map<string, number>();
    for (const { id, plan } of subject.burning) {
      const [during] = answers(1);
      const whole = budgets.find((one) => one.plan === plan)?.counted.whole;
      if (during && whole) spent.set(id, spentShare(plan, countsOf(plan.clause, during), whole));
    }
    return { subject, facts: factsOf(subject, budgets, probes.get(subject.row.name) ?? null, now), spent };
  });
  await each(rounds, async ({ subject: { row }, facts, spent }) => {
    const wanted = wantedAlerts(facts);
    // Most endpoints are well most of the time: nothing to write, no transaction.
    if (wanted.length === 0 && row.alerts.length === 0) return;
    const undecided = undecidedKinds(facts);
    const head = { endpointId: row.id, endpoint: row.name, contractId: facts.contract?.id ?? null };
    await inTransaction((tx) => recordAlerts(tx, { ...head, wanted, undecided, spent, now }));
  });
}

function readEndpoints() {
  return db().endpoint.findMany({
    where: { OR: [{ servingId: { not: null } }, { alerts: { some: { source: "proviso", state: "firing" } } }] },
    select: {
      ...{ id: true, name: true, environment: true, clauseStates: true },
      useCase: { select: { slug: true } },
      serving: { select: { contract: { select: { id: true, number: true, document: true } } } },
      revisions: { where: { servedAt: { not: null } }, select: { id: true }, take: 1 },
      breaches: { where: { closedAt: null } },
      alerts: { where: { source: "proviso", state: "firing" } },
    },
    orderBy: { name: "asc" },
  });
}

type Row = Awaited<ReturnType<typeof readEndpoints>>[number];

type Subject = {
  readonly row: Row;
  readonly clauses: AlertFacts["clauses"];
  readonly plans: readonly BudgetPlan[];
  /** Firing alerts of clauses with a budget: what each has spent of it. */
  readonly burning: readonly { readonly id: string; readonly startedAt: number; readonly plan: BudgetPlan }[];
};

function subjectOf(row: Row, now: number): Subject {
  const contract = row.serving?.contract;
  const clauses = contract ? contractDocument.parse(contract.document).clauses : [];
  const plans = clauses.flatMap((clause) => budgetPlan(clause, now) ?? []);
  return {
    row,
    plans,
    clauses: clauses.map((clause) => {
      const ofClause = (one: { clauseId: string; contractId: string }) =>
        one.clauseId === clause.id && one.contractId === contract?.id;
      const breach = row.breaches.find(ofClause);
      return {
        clause,
        reason: row.clauseStates.find(ofClause)?.reason ?? null,
        breach: breach ? { id: breach.id, openedAt: breach.openedAt.getTime() } : null,
      };
    }),
    burning: row.alerts.flatMap(({ id, clauseId, startedAt }) => {
      const plan = plans.find(({ clause }) => clause.id === clauseId);
      return plan ? [{ id, startedAt: startedAt.getTime(), plan }] : [];
    }),
  };
}

/** What to count: every window of every budget, then what each firing alert has spent since its trouble began. */
function asksOf({ row, plans, burning }: Subject, now: number) {
  const during = burning.map(({ startedAt, plan }) => {
    const from = Math.floor((startedAt - leadMs(plan)) / MINUTE_MS) * MINUTE_MS;
    return { endpoint: row.name, from, to: now, grain: "minute" as const, ...plan.clause.population };
  });
  return [...plans.flatMap((plan) => budgetAsks(row.name, plan)), ...during];
}

function takeInOrder(sums: readonly BurnSums[]) {
  let next = 0;
  return (count: number) => {
    next += count;
    return sums.slice(next - count, next);
  };
}

function factsOf(
  { row, clauses }: Subject,
  budgets: AlertFacts["budgets"],
  probe: ProbeFacts | null,
  now: number,
): AlertFacts {
  const contract = row.serving?.contract ?? null;
  return {
    ...{ endpoint: row.name, useCase: row.useCase.slug, environment: row.environment, clauses, budgets },
    contract: contract && { id: contract.id, number: contract.number },
    live: row.revisions.length === 0 ? null : livenessOf(probe, now),
  };
}
