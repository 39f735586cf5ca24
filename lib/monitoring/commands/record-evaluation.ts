import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Clause } from "@/lib/contracts/document";
import type { Tx } from "@/lib/db";
import { clauseState, type Previous, type Verdict } from "@/lib/monitoring/clause-state";
import type { Measurement } from "@/lib/monitoring/measurement";
import { clauseStateName } from "@/lib/monitoring/schema";

/** What was measured on one endpoint, for every clause of the contract in force. */
export type Evaluation = {
  readonly endpointId: string;
  readonly endpoint: string;
  /** Null: nothing serves, so nothing is promised here now. */
  readonly contractId: string | null;
  readonly measured: readonly { readonly clause: Clause; readonly measurement: Measurement }[];
  /** Milliseconds since 1970. */
  readonly now: number;
};

type InForce = Evaluation & { readonly contractId: string };

export type Evaluated = Verdict & {
  readonly clause: Clause;
  readonly measurement: Measurement;
  /** It counted on the clause's own cadence, or changed the state: worth a line in the history. */
  readonly notable: boolean;
};

const ACTOR = { email: "clause evaluation", kind: "process" } as const;

/**
 * Decides the state of every clause from its measurement and the evaluation before, which is locked meanwhile, and stores it. Opening and
 * closing of a breach is audited with it. Clauses of another contract than the one in force are forgotten, their breaches closed.
 */
export async function recordEvaluation(tx: Tx, evaluation: Evaluation): Promise<Evaluated[]> {
  const { endpointId, contractId, measured } = evaluation;
  // Two workers must not count the same evaluation twice.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`clause_state ${endpointId}`}, 0))`;
  const stored = await tx.clauseState.findMany({ where: { endpointId } });
  const before = new Map(stored.filter((row) => row.contractId === contractId).map((row) => [row.clauseId, row]));
  const ids = measured.map(({ clause }) => clause.id);
  await forget(
    tx,
    evaluation,
    stored.filter((row) => row.contractId !== contractId || !ids.includes(row.clauseId)),
  );

  if (contractId === null) return [];
  const evaluated = measured.map(({ clause, measurement }): Evaluated => {
    const row = before.get(clause.id);
    const previous: Previous | null = row
      ? {
          state: clauseStateName.parse(row.state),
          wrongInRow: row.wrongInRow,
          countedAt: row.countedAt?.getTime() ?? null,
        }
      : null;
    const verdict = clauseState(clause, measurement, previous);
    const notable = verdict.countedAt !== (previous?.countedAt ?? null) || verdict.state !== previous?.state;
    return { ...verdict, clause, measurement, notable };
  });
  const inForce = { ...evaluation, contractId };
  await store(tx, inForce, evaluated);
  await followBreaches(tx, inForce, evaluated);
  return evaluated;
}

async function store(
  tx: Tx,
  { endpointId, contractId, now }: Evaluation,
  evaluated: readonly Evaluated[],
): Promise<void> {
  const rows = evaluated.map(({ clause, measurement: m, state, reason, wrongInRow, countedAt }) => ({
    ...{ clause_id: clause.id, state, reason, value: m.value, low: m.low, high: m.high, n: m.n },
    ...{ window_from: at(m.window?.from), window_to: at(m.window?.to), as_of: at(m.asOf), counted_at: at(countedAt) },
    ...{ wrong_in_row: wrongInRow },
  }));
  // One statement for all clauses: this runs every few seconds for every endpoint.
  await tx.$executeRaw`
    INSERT INTO clause_state AS c (endpoint_id, clause_id, contract_id, state, reason, value, low, high, n, window_from, window_to,
      as_of, wrong_in_row, counted_at, evaluated_at, since)
    SELECT ${endpointId}::uuid, r.clause_id, ${contractId}::uuid, r.state, r.reason, r.value, r.low, r.high, r.n, r.window_from, r.window_to,
      r.as_of, r.wrong_in_row, r.counted_at, ${new Date(now)}, ${new Date(now)}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(clause_id text, state text, reason text, value float8, low float8,
      high float8, n bigint, window_from timestamptz, window_to timestamptz, as_of timestamptz, counted_at timestamptz, wrong_in_row int)
    ON CONFLICT (endpoint_id, clause_id) DO UPDATE SET contract_id = excluded.contract_id, state = excluded.state, reason = excluded.reason,
      value = excluded.value, low = excluded.low, high = excluded.high, n = excluded.n, window_from = excluded.window_from,
      window_to = excluded.window_to, as_of = excluded.as_of, wrong_in_row = excluded.wrong_in_row, counted_at = excluded.counted_at,
      evaluated_at = excluded.evaluated_at,
      since = CASE WHEN c.state = excluded.state THEN c.since ELSE excluded.since END`;
}

const at = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(ms).toISOString());

/** Opens a breach where a clause became breached, and closes it where the clause is met or at risk again; unproven leaves it open. */
async function followBreaches(tx: Tx, evaluation: InForce, evaluated: readonly Evaluated[]): Promise<void> {
  const { endpointId, contractId, now } = evaluation;
  const open = await tx.breach.findMany({ where: { endpointId, closedAt: null } });
  for (const each of evaluated) {
    const breach = open.find(({ clauseId }) => clauseId === each.clause.id);
    if (each.state === "breached" && !breach) {
      const opening = summaryOf(each);
      await tx.breach.create({
        data: { endpointId, contractId, clauseId: each.clause.id, opening, openedAt: new Date(now) },
      });
      await audit(tx, evaluation, each.clause.id, "clause.breach", each.reason, opening);
    } else if (breach && (each.state === "met" || each.state === "at_risk")) {
      await close(tx, evaluation, breach, each.reason, summaryOf(each));
    }
  }
}

function summaryOf({ measurement: { value, low, high, n, window, asOf }, state, reason }: Evaluated) {
  return { state, reason, value, low, high, n, windowFrom: at(window?.from), windowTo: at(window?.to), asOf: at(asOf) };
}

type OpenBreach = { readonly id: string; readonly clauseId: string };

async function close(
  tx: Tx,
  evaluation: Evaluation,
  breach: OpenBreach,
  reason: string,
  closing: object,
): Promise<void> {
  await tx.breach.update({ where: { id: breach.id }, data: { closedAt: new Date(evaluation.now), closing } });
  await audit(tx, evaluation, breach.clauseId, "clause.recover", reason, closing);
}

/** Clauses that are not promised any more. */
async function forget(tx: Tx, evaluation: Evaluation, rows: readonly { readonly clauseId: string }[]): Promise<void> {
  if (rows.length === 0) return;
  const { endpointId } = evaluation;
  const clauseIds = rows.map(({ clauseId }) => clauseId);
  const reason = "not promised any more by the contract in force";
  for (const breach of await tx.breach.findMany({
    where: { endpointId, closedAt: null, clauseId: { in: clauseIds } },
  })) {
    await close(tx, evaluation, breach, reason, { state: "unproven", reason });
  }
  await tx.clauseState.deleteMany({ where: { endpointId, clauseId: { in: clauseIds } } });
}

async function audit(
  tx: Tx,
  { endpoint }: Evaluation,
  clauseId: string,
  action: "clause.breach" | "clause.recover",
  reason: string,
  after: object,
): Promise<void> {
  const subject = `${endpoint}/${clauseId}`;
  await recordAudit(tx, { actor: ACTOR, action, outcome: "done", subjectType: "clause", subject, reason, after });
}
