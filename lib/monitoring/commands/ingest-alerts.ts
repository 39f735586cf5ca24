import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Principal } from "@/lib/auth/schema";
import { inTransaction, type Tx } from "@/lib/db";
import { alertmanagerWebhook, ingestReceipt } from "@/lib/monitoring/alert-view";
import { type ForeignAlert, foreignAlert } from "@/lib/monitoring/foreign-alerts";
import { operation } from "@/lib/operation";

/** One name for every Alertmanager: those of a cluster send the same alerts, with the same fingerprints. */
const SOURCE = "alertmanager";

type Fate = "opened" | "refreshed" | "resolved" | "ignored";

/**
 * Takes alerts of other systems in, from Alertmanager's webhook: shown on the endpoint that the label `endpoint` names, told to nobody (whoever
 * sends them has told). The same message again changes nothing.
 */
export const ingestAlerts = operation({
  name: "alert.ingest",
  permission: "alert:ingest",
  input: alertmanagerWebhook,
  output: ingestReceipt,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      // Alertmanagers of a cluster send the same at the same time.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('alert.ingest'))`;
      const alerts = input.alerts.map(foreignAlert);
      const names = [...new Set(alerts.flatMap(({ endpoint }) => endpoint ?? []))];
      const endpoints = await tx.endpoint.findMany({
        where: { name: { in: names } },
        select: { id: true, name: true },
      });
      const ids = new Map(endpoints.map(({ id, name }) => [name, id]));
      const receipt = { opened: 0, refreshed: 0, resolved: 0, ignored: 0, unknownEndpoint: 0 };
      for (const alert of alerts) {
        const endpointId = alert.endpoint === null ? undefined : ids.get(alert.endpoint);
        if (endpointId === undefined) receipt.unknownEndpoint += 1;
        receipt[await take(tx, principal, alert, endpointId ?? null)] += 1;
      }
      return receipt;
    }),
});

async function take(tx: Tx, by: Principal, alert: ForeignAlert, endpointId: string | null): Promise<Fate> {
  const { fingerprint, status } = alert;
  const firing = await tx.alert.findFirst({ where: { source: SOURCE, fingerprint, state: "firing" } });
  if (status === "resolved") {
    if (!firing) return "ignored";
    await resolve(tx, by, firing, alert);
    return "resolved";
  }
  if (firing) {
    const { severity, title, summary, labels, annotations } = alert;
    const data = { severity, title, summary, labels, annotations, endpointId, lastSeenAt: new Date() };
    await tx.alert.update({ where: { id: firing.id }, data });
    return "refreshed";
  }
  // A message that was under way while the alert ended.
  const over = await tx.alert.findFirst({
    where: { source: SOURCE, fingerprint, startedAt: new Date(alert.startsAt), state: "resolved" },
  });
  if (over) return "ignored";
  await open(tx, by, alert, endpointId);
  return "opened";
}

async function open(tx: Tx, by: Principal, alert: ForeignAlert, endpointId: string | null): Promise<void> {
  const { fingerprint, severity, title, summary, labels, annotations } = alert;
  const row = await tx.alert.create({
    data: {
      ...{ fingerprint, severity, title, summary, labels, annotations, endpointId, source: SOURCE, kind: "foreign" },
      ...{ startedAt: new Date(alert.startsAt), lastSeenAt: new Date() },
    },
  });
  await recordAudit(tx, {
    ...{ actor: by, action: "alert.open", outcome: "done", subjectType: "alert" },
    subject: `${alert.endpoint ?? SOURCE}/${labels.alertname ?? "foreign"}`,
    after: { id: row.id, source: SOURCE, severity, title },
  });
}

type Firing = { readonly id: string; readonly startedAt: Date };

async function resolve(tx: Tx, by: Principal, firing: Firing, alert: ForeignAlert): Promise<void> {
  const resolvedAt = new Date(Math.max(firing.startedAt.getTime(), Math.min(alert.endsAt ?? Date.now(), Date.now())));
  await tx.alert.update({ where: { id: firing.id }, data: { state: "resolved", resolvedAt } });
  await recordAudit(tx, {
    ...{ actor: by, action: "alert.resolve", outcome: "done", subjectType: "alert" },
    subject: `${alert.endpoint ?? SOURCE}/${alert.labels.alertname ?? "foreign"}`,
    after: { id: firing.id },
  });
}
