import "server-only";
import { z } from "zod";
import { db } from "@/lib/db";
import { ALERT_COLUMNS, toAlertSummary } from "@/lib/monitoring/alert-rows";
import { isFor } from "@/lib/monitoring/alert-rules";
import { alertPage, alertsSummary, listAlertsInput } from "@/lib/monitoring/alert-view";
import { operation } from "@/lib/operation";
import { keyAfter, toPage } from "@/lib/page";

/** Sort key: severity where the worst come first, when it began, and its id. */
const alertSortKey = z.string().regex(/^(?:page|ticket)?\/\d{4}-\d\d-\d\dT[\d:.]+Z\/[0-9a-f-]{36}$/);

/** Alerts, the newest or the worst first; of one state, severity or endpoint. */
export const listAlerts = operation({
  name: "alert.list",
  permission: "alert:read",
  input: listAlertsInput,
  output: alertPage,
  run: async ({ input }) => {
    const now = Date.now();
    const worst = input.sort === "worst";
    const rows = await db().alert.findMany({
      where: {
        ...(input.state && { state: input.state }),
        ...(input.severity && { severity: input.severity }),
        ...(input.endpoint && { endpoint: { name: input.endpoint } }),
        AND: after(keyAfter(input.cursor, alertSortKey)),
      },
      include: ALERT_COLUMNS,
      // By the alphabet a page comes before a ticket.
      orderBy: [...(worst ? [{ severity: "asc" as const }] : []), { startedAt: "desc" }, { id: "desc" }],
      take: input.limit + 1,
    });
    return toPage(
      rows,
      input.limit,
      (row) => `${worst ? row.severity : ""}/${row.startedAt.toISOString()}/${row.id}`,
      (row) => toAlertSummary(row, now),
    );
  },
});

function after(key: string | undefined) {
  if (key === undefined) return [];
  const [severity = "", at = "", id = ""] = key.split("/");
  const later = [{ startedAt: { lt: new Date(at) } }, { startedAt: new Date(at), id: { lt: id } }];
  return [
    { OR: severity === "" ? later : [{ severity: { gt: severity } }, ...later.map((one) => ({ severity, ...one }))] },
  ];
}

/** What fires, what nobody has taken on, and whether anybody would be told: badge and banner. */
export const summariseAlerts = operation({
  name: "alert.summary",
  permission: "alert:read",
  input: z.object({}),
  output: alertsSummary,
  run: async () => {
    const [firing, unacknowledged, channels, serving] = await Promise.all([
      db().alert.count({ where: { state: "firing" } }),
      db().alert.count({ where: { state: "firing", acknowledgedBy: null } }),
      db().alertChannel.findMany({
        where: { enabled: true, removedAt: null },
        include: { deliveries: { where: { attempts: { gt: 0 } }, orderBy: { createdAt: "desc" }, take: 1 } },
      }),
      db().endpoint.findMany({
        where: { servingId: { not: null } },
        select: { id: true, name: true },
        orderBy: { name: "asc" },
      }),
    ]);
    const isCovered = (endpointId: string) => channels.some((one) => isFor(one, { severity: "page", endpointId }));
    return {
      ...{ firing, unacknowledged, channels: channels.length },
      failingChannels: channels.filter(({ deliveries }) => deliveries[0]?.state === "failed").length,
      uncovered: serving.filter(({ id }) => !isCovered(id)).map(({ name }) => name),
    };
  },
});
