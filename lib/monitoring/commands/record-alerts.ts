import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Tx } from "@/lib/db";
import { formatDuration, formatPercent } from "@/lib/format";
import { alertChanges, type WantedAlert } from "@/lib/monitoring/alert-rules";
import { queueDeliveries } from "./queue-deliveries";
import { queueNews } from "./queue-news";

/** What should be firing on one endpoint. */
export type AlertRound = {
  readonly endpointId: string;
  readonly endpoint: string;
  readonly contractId: string | null;
  readonly wanted: readonly WantedAlert[];
  /** Kinds of which nothing is known now. */
  readonly undecided: readonly string[];
  /** Share of its clause's error budget that each firing alert has spent so far, where it has one. By id. */
  readonly spent: ReadonlyMap<string, number>;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export type AlertsRecorded = { readonly opened: number; readonly resolved: number };

const ACTOR = { email: "alerting", kind: "process" } as const;

/**
 * Makes exactly the wanted alerts fire: opens what is missing, refreshes what goes on, resolves what is over, and queues a message about it to
 * every channel that takes it. Alerts of other senders are left alone. Opening and resolving is audited.
 */
export async function recordAlerts(tx: Tx, round: AlertRound): Promise<AlertsRecorded> {
  const { endpointId, now } = round;
  // Two workers must not open the same alert.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`alert ${endpointId}`}, 0))`;
  const firing = await tx.alert.findMany({ where: { endpointId, source: "proviso", state: "firing" } });
  const silences = await tx.alertSilence.findMany({
    where: { endpointId, endedAt: null, endsAt: { gt: new Date(now) } },
  });
  const stored = firing.map((row) => ({ ...row, lastSeenAt: row.lastSeenAt.getTime() }));
  const { open, refresh, resolve } = alertChanges(stored, round.wanted, round.undecided, now);
  for (const wanted of open) {
    const row = await openAlert(tx, round, wanted);
    await queueDeliveries(tx, row, silences, now);
  }
  for (const { stored: alert, wanted } of refresh) {
    const { severity, summary, labels, annotations, breachId } = wanted;
    await tx.alert.update({
      where: { id: alert.id },
      data: { severity, summary, labels, annotations, breachId, lastSeenAt: new Date(now) },
    });
    await queueDeliveries(tx, { ...alert, severity }, silences, now);
  }
  for (const alert of resolve) await resolveAlert(tx, round, alert);
  const goOn = stored.filter(
    ({ id }) => !refresh.some((one) => one.stored.id === id) && !resolve.some((one) => one.id === id),
  );
  for (const alert of goOn) await queueDeliveries(tx, alert, silences, now);
  return { opened: open.length, resolved: resolve.length };
}

async function openAlert(tx: Tx, { endpointId, endpoint, contractId, now }: AlertRound, wanted: WantedAlert) {
  const at = new Date(now);
  const row = await tx.alert.create({
    data: { ...wanted, source: "proviso", endpointId, contractId, startedAt: at, lastSeenAt: at },
  });
  await recordAudit(tx, {
    ...{ actor: ACTOR, action: "alert.open", outcome: "done", subjectType: "alert", reason: wanted.summary },
    subject: subjectOf(endpoint, row),
    after: { id: row.id, kind: row.kind, severity: row.severity, title: row.title },
  });
  return row;
}

type Resolved = {
  readonly id: string;
  readonly kind: string;
  readonly clauseId: string | null;
  readonly startedAt: Date;
  readonly annotations: unknown;
};

async function resolveAlert(tx: Tx, { endpoint, spent, now }: AlertRound, alert: Resolved): Promise<void> {
  const share = spent.get(alert.id);
  const lasted = formatDuration(now - alert.startedAt.getTime());
  const words = {
    lasted,
    ...(share !== undefined && { budget_spent: formatPercent(share), budget_spent_ratio: `${share}` }),
  };
  const annotations = { ...(alert.annotations as Record<string, string>), ...words };
  await tx.alert.update({
    where: { id: alert.id },
    data: { state: "resolved", resolvedAt: new Date(now), annotations },
  });
  await queueNews(tx, alert.id, "resolved", now);
  await recordAudit(tx, {
    ...{ actor: ACTOR, action: "alert.resolve", outcome: "done", subjectType: "alert" },
    subject: subjectOf(endpoint, alert),
    after: { id: alert.id, ...words },
  });
}

const subjectOf = (endpoint: string, { kind, clauseId }: Pick<Resolved, "kind" | "clauseId">) =>
  `${endpoint}/${clauseId ?? kind}`;
