import "server-only";
import { revisionWindows } from "@/lib/clickhouse/burn-windows";
import { hasClickHouse } from "@/lib/clickhouse/client";
import { clauseName, clauseSentence, ownerName } from "@/lib/contracts/clause-words";
import { type Clause, contractDocument } from "@/lib/contracts/document";
import { db } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { ALERT_COLUMNS, toAlertSummary } from "@/lib/monitoring/alert-rows";
import {
  type AlertDetail,
  alertDetail,
  alertEvent,
  alertKey,
  channelKind,
  deliveryState,
} from "@/lib/monitoring/alert-view";
import { type ChangeMarker, changeMarkers } from "@/lib/monitoring/changes";
import { promises } from "@/lib/monitoring/endpoint-promises";
import { howMeasured } from "@/lib/monitoring/how-measured";
import {
  CHANGES_BEFORE_MS,
  coincidingChange,
  incidentWindow,
  suggestedActions,
  timelineOf,
} from "@/lib/monitoring/incident";
import { answeredOf, latencyOf } from "@/lib/monitoring/service";
import { operation } from "@/lib/operation";
import type { Range } from "@/lib/time";

/** One alert with all that one needs when one is called: promise and measurement, what changed, who fails, what to do, what happened. */
export const getAlert = operation({
  name: "alert.get",
  permission: "alert:read",
  input: alertKey,
  output: alertDetail,
  run: async ({ input }): Promise<AlertDetail> => {
    const now = Date.now();
    const row = await findAlert(input.id);
    const contract = await findContract(row);
    const window = incidentWindow(row, now);
    const document = contract ? contractDocument.parse(contract.document) : null;
    const clause = document?.clauses.find(({ id }) => id === row.clauseId) ?? null;
    const [changes, revisions, state, silences, warm] = await Promise.all([
      changesOf(row, { from: row.startedAt.getTime() - CHANGES_BEFORE_MS, to: window.to }),
      row.endpoint ? revisionsOf(row.endpoint.name, window, clause?.population ?? promises(document).population) : [],
      findState(row),
      silencesOf(row, window),
      row.endpointId === null ? null : warmOf(row.endpointId),
    ]);
    const summary = toAlertSummary(row, now);
    const annotations = row.annotations as Record<string, string>;
    const spent = annotations.budget_spent_ratio;
    return {
      ...summary,
      ...{ labels: row.labels as Record<string, string>, annotations, changes: [...changes].reverse(), revisions },
      contract: contract && { useCase: contract.useCase.slug, number: contract.number },
      promise: clause && promiseOf(clause, state),
      window: { from: iso(window.from), to: iso(window.to) },
      actions: suggestedActions({
        ...{ endpoint: summary.endpoint ?? "", useCase: summary.useCase ?? "", kind: row.kind, warm },
        ...{ firing: row.state === "firing", startedAt: row.startedAt.getTime(), silenced: summary.silence !== null },
        coincides: coincidingChange(changes, row.startedAt.getTime()),
        clauseName: clause ? clauseName(clause) : null,
        contract: contract?.number ?? null,
      }).filter(() => summary.endpoint !== null),
      timeline: timelineOf(row, { deliveries: row.deliveries, silences, changes, now }),
      deliveryLog: row.deliveries.map(logEntry),
      budgetSpent: spent === undefined ? null : Number(spent),
    };
  },
});

const iso = (at: number) => new Date(at).toISOString();

async function findAlert(id: string) {
  const row = await db().alert.findUnique({
    where: { id },
    include: {
      ...ALERT_COLUMNS,
      deliveries: { include: { channel: { select: { name: true, kind: true } } }, orderBy: { createdAt: "asc" } },
    },
  });
  if (!row) throw new AppError("not_found", "There is no such alert.");
  return row;
}

type Row = Awaited<ReturnType<typeof findAlert>>;

async function findContract({ contractId }: Row) {
  if (contractId === null) return null;
  return db().contract.findUnique({ where: { id: contractId }, include: { useCase: { select: { slug: true } } } });
}

async function findState({ endpointId, clauseId, contractId }: Row) {
  if (endpointId === null || clauseId === null) return null;
  const state = await db().clauseState.findUnique({ where: { endpointId_clauseId: { endpointId, clauseId } } });
  return state?.contractId === contractId ? state : null;
}

function promiseOf(clause: Clause, state: Awaited<ReturnType<typeof findState>>): AlertDetail["promise"] {
  return {
    ...{ clause: clause.id, metric: clause.metric, name: clauseName(clause), sentence: clauseSentence(clause) },
    ...{ target: clause.target, unit: clause.unit, owner: ownerName(clause.owner) },
    ...{ direction: clause.direction, howMeasured: howMeasured(clause) },
    window: { seconds: clause.windowSeconds, clock: clause.clock },
    value: state?.value ?? null,
    low: state?.low ?? null,
    high: state?.high ?? null,
    n: Number(state?.n ?? 0),
    state: state?.state ?? "unproven",
    reason: state?.reason ?? "the contract in force does not promise it any more",
    evaluatedAt: state?.evaluatedAt.toISOString() ?? null,
  };
}

/** Promotions and rollbacks of the endpoint, and contracts of its use case that were signed, oldest first. */
async function changesOf({ endpointId, endpoint }: Row, { from, to }: Range): Promise<ChangeMarker[]> {
  if (endpointId === null || !endpoint) return [];
  const within = { gte: new Date(from), lt: new Date(to) };
  const [promotions, contracts, rollbacks] = await Promise.all([
    db().promotion.findMany({
      where: { endpointId, appliedAt: within },
      include: { modelVersion: { select: { number: true } }, revision: { select: { name: true } } },
    }),
    db().contract.findMany({
      where: { useCase: { slug: endpoint.useCase.slug }, signedAt: within },
      select: { number: true, signedAt: true },
    }),
    db().auditEvent.findMany({
      where: { subject: endpoint.name, action: "endpoint.rollback", outcome: "done", at: within },
      select: { at: true, actor: true, reason: true },
    }),
  ]);
  const back = rollbacks.map(({ at, actor, reason }) => ({
    ...{ at: at.toISOString(), kind: "rollback" },
    label: `rolled back by ${actor}${reason === null ? "" : `: ${reason}`}`,
  }));
  return [...changeMarkers(promotions, contracts), ...back].sort((a, b) => a.at.localeCompare(b.at));
}

async function revisionsOf(
  endpoint: string,
  { from, to }: Range,
  population: Clause["population"],
): Promise<AlertDetail["revisions"]> {
  if (!hasClickHouse()) return [];
  const rows = await revisionWindows({ endpoint, from, to, ...population });
  const known = await db().revision.findMany({
    where: { name: { in: rows.map(({ revision }) => revision) } },
    select: { name: true, modelVersion: { select: { number: true, model: { select: { name: true } } } } },
  });
  return rows.map((row) => {
    const { n, good } = answeredOf(row);
    const version = known.find(({ name }) => name === row.revision)?.modelVersion;
    return {
      revision: row.revision,
      model: version?.model.name ?? null,
      version: version?.number ?? null,
      ...{ requests: n, errors: n - good, errorRatio: n === 0 ? null : (n - good) / n },
      p99: latencyOf(row, 0.99)?.value ?? null,
    };
  });
}

async function silencesOf({ endpointId, clauseId }: Row, { from, to }: Range) {
  if (endpointId === null) return [];
  return db().alertSilence.findMany({
    where: {
      ...{ endpointId, startsAt: { lt: new Date(to) }, endsAt: { gt: new Date(from) } },
      OR: [{ clauseId: null }, ...(clauseId === null ? [] : [{ clauseId }])],
    },
  });
}

async function warmOf(endpointId: string): Promise<string | null> {
  const row = await db().endpoint.findUnique({
    where: { id: endpointId },
    select: { warm: { select: { name: true } } },
  });
  return row?.warm?.name ?? null;
}

function logEntry(row: Row["deliveries"][number]): AlertDetail["deliveryLog"][number] {
  const { id, attempts, lastStatus, lastError } = row;
  return {
    ...{ id, attempts, lastStatus, lastError, channel: row.channel.name, kind: channelKind.parse(row.channel.kind) },
    event: alertEvent.parse(row.event),
    state: deliveryState.parse(row.state),
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    nextAttemptAt: row.state === "pending" ? row.nextAttemptAt.toISOString() : null,
  };
}
