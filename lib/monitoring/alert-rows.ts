import { isActive, type SilenceRow, silenceOf } from "@/lib/monitoring/alert-rules";
import {
  type AlertSummary,
  alertKind,
  alertState,
  type Channel,
  channelKind,
  deliveryState,
  type Silence,
} from "@/lib/monitoring/alert-view";
import { alertSeverity } from "@/lib/monitoring/slo-view";

type StoredSilence = SilenceRow & { readonly id: string; readonly reason: string; readonly createdBy: string };

/** Columns that `toAlertSummary` needs. */
export const ALERT_COLUMNS = {
  endpoint: { select: { name: true, useCase: { select: { slug: true } }, silences: { where: { endedAt: null } } } },
  deliveries: { select: { state: true } },
} as const;

export type StoredAlert = {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly source: string;
  readonly clauseId: string | null;
  readonly title: string;
  readonly summary: string;
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgement: string | null;
  readonly endpoint: {
    readonly name: string;
    readonly useCase: { readonly slug: string };
    readonly silences: readonly StoredSilence[];
  } | null;
  readonly deliveries: readonly { readonly state: string }[];
};

/** A line of the list at `now`, in milliseconds since 1970. */
export function toAlertSummary(row: StoredAlert, now: number): AlertSummary {
  const { id, title, summary, source, acknowledgedBy: by, acknowledgedAt: at } = row;
  const silence = row.state === "firing" ? silenceOf(row.endpoint?.silences ?? [], row.clauseId, now) : undefined;
  const inState = (state: string) => row.deliveries.filter((one) => one.state === state).length;
  return {
    ...{ id, title, summary, source, clause: row.clauseId },
    kind: alertKind.parse(row.kind),
    severity: alertSeverity.parse(row.severity),
    state: alertState.parse(row.state),
    endpoint: row.endpoint?.name ?? null,
    useCase: row.endpoint?.useCase.slug ?? null,
    startedAt: row.startedAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
    acknowledged: by !== null && at ? { by, at: at.toISOString(), comment: row.acknowledgement } : null,
    silence: silence
      ? { id: silence.id, reason: silence.reason, endsAt: silence.endsAt.toISOString(), by: silence.createdBy }
      : null,
    deliveries: {
      pending: inState("pending"),
      delivered: inState("delivered"),
      failed: inState("failed"),
      silenced: inState("silenced"),
    },
  };
}

export function toSilence(
  row: StoredSilence & { readonly endedBy: string | null; readonly endpoint: { readonly name: string } },
  now: number,
): Silence {
  const { id, reason, createdBy, endedBy, clauseId: clause } = row;
  return {
    ...{ id, clause, reason, createdBy, endedBy, endpoint: row.endpoint.name },
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    active: isActive(row, now),
  };
}

/** Columns that `toChannel` needs: the newest message that was decided. */
export const CHANNEL_COLUMNS = {
  endpoint: { select: { name: true } },
  deliveries: {
    where: { state: { not: "pending" }, attempts: { gt: 0 } },
    orderBy: { createdAt: "desc" },
    take: 1,
  },
  _count: { select: { deliveries: { where: { state: "pending" } } } },
} as const;

type StoredChannel = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  readonly secret: string | null;
  readonly severity: string;
  readonly owner: string;
  readonly enabled: boolean;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endpoint: { readonly name: string } | null;
  readonly deliveries: readonly {
    readonly state: string;
    readonly createdAt: Date;
    readonly deliveredAt: Date | null;
    readonly lastStatus: number | null;
    readonly lastError: string | null;
  }[];
  readonly _count: { readonly deliveries: number };
};

/** A channel without its secrets. */
export function toChannel(row: StoredChannel): Channel {
  const { id, name, owner, enabled, createdBy } = row;
  const [last] = row.deliveries;
  return {
    ...{ id, name, owner, enabled, createdBy, url: shownUrl(row.url), hasSecret: row.secret !== null },
    kind: channelKind.parse(row.kind),
    severity: alertSeverity.parse(row.severity),
    endpoint: row.endpoint?.name ?? null,
    createdAt: row.createdAt.toISOString(),
    last: last
      ? {
          at: (last.deliveredAt ?? last.createdAt).toISOString(),
          ...{ state: deliveryState.parse(last.state), status: last.lastStatus, error: last.lastError },
        }
      : null,
    pending: row._count.deliveries,
  };
}

/** Without the query, which may hold a token. */
function shownUrl(url: string): string {
  if (!URL.canParse(url)) return "";
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname === "/" ? "" : pathname}${search === "" ? "" : "?…"}`;
}
