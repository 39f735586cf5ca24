import { formatDuration } from "@/lib/format";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import type { ChangeMarker } from "@/lib/monitoring/changes";
import { DAY_MS, HOUR_MS, type Range } from "@/lib/time";

/** What an incident page puts together; times in milliseconds since 1970 unless they are dates. Pure: `now` is an argument. */
export type IncidentAlert = {
  readonly kind: string;
  readonly title: string;
  readonly startedAt: Date;
  readonly resolvedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgement: string | null;
  readonly source: string;
};

/** What is looked at: from an hour before the alert to its end, or to now. */
export function incidentWindow({ startedAt, resolvedAt }: IncidentAlert, now: number): Range {
  return { from: startedAt.getTime() - HOUR_MS, to: resolvedAt?.getTime() ?? now };
}

/** Changes from so long before an alert are worth a look. */
export const CHANGES_BEFORE_MS = 7 * DAY_MS;
/** What changed so shortly before it began may be why. */
const COINCIDES_MS = HOUR_MS;

/** The newest change of what serves in the hour before an alert began; null: nothing changed then. */
export function coincidingChange(changes: readonly ChangeMarker[], startedAt: number): ChangeMarker | null {
  const near = changes.filter(({ at, kind }) => {
    const before = startedAt - Date.parse(at);
    return (kind === "promotion" || kind === "rollback") && before >= 0 && before <= COINCIDES_MS;
  });
  return near.sort((a, b) => b.at.localeCompare(a.at))[0] ?? null;
}

type Situation = {
  readonly endpoint: string;
  readonly useCase: string;
  readonly kind: string;
  readonly firing: boolean;
  /** Of the revision that is kept warm; null: there is none to go back to. */
  readonly warm: string | null;
  readonly coincides: ChangeMarker | null;
  readonly startedAt: number;
  readonly clauseName: string | null;
  readonly contract: number | null;
  readonly silenced: boolean;
};

/** What one can do now, the easiest to undo first. */
export function suggestedActions(at: Situation): AlertDetail["actions"] {
  return [...rollBack(at), ...silence(at), ...drill(at), ...amend(at)];
}

function rollBack({ endpoint, firing, warm, coincides, startedAt }: Situation): AlertDetail["actions"] {
  if (!firing || warm === null || coincides === null) return [];
  const before = formatDuration(Math.max(1000, startedAt - Date.parse(coincides.at)));
  return [
    {
      kind: "roll_back",
      title: `Roll back to ${warm}`,
      why: `${coincides.label}, ${before} before the alert began`,
      href: `/endpoints/${endpoint}`,
      reversible: "within seconds, the revision that serves now is kept warm",
    },
  ];
}

function silence({ endpoint, firing, silenced }: Situation): AlertDetail["actions"] {
  if (!firing || silenced) return [];
  return [
    {
      kind: "silence",
      title: "Silence it while you work on it",
      why: "the cause is known and nobody else need be told",
      href: `/settings/alerts?endpoint=${endpoint}`,
      reversible: "at once, and it ends by itself",
    },
  ];
}

function drill({ endpoint, kind, clauseName }: Situation): AlertDetail["actions"] {
  if (kind === "foreign") return [];
  const why =
    kind === "endpoint_down"
      ? "see that what stands in for the model answers as the contract says"
      : `see on a copy whether the declared behaviour holds while ${clauseName ?? "the endpoint"} is not kept`;
  return [
    {
      kind: "drill",
      title: "Drill the failure mode on a copy",
      why,
      href: `/endpoints/${endpoint}`,
      reversible: "nothing to undo: it runs beside live traffic, not in it",
    },
  ];
}

function amend({ useCase, contract, clauseName }: Situation): AlertDetail["actions"] {
  if (contract === null || clauseName === null) return [];
  return [
    {
      kind: "amend",
      title: `Amend contract v${contract}`,
      why: `${clauseName} promises what cannot be kept, and callers can live with less`,
      href: `/use-cases/${useCase}/contract/${contract}`,
      reversible: "by another amendment that three people sign",
    },
  ];
}

type Sent = {
  readonly event: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
  readonly channel: { readonly name: string };
};
type Quiet = {
  readonly reason: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly createdBy: string;
};
type Entry = AlertDetail["timeline"][number];

/** What happened, oldest first. Changes are those since an hour before it began. */
export function timelineOf(
  alert: IncidentAlert,
  more: {
    readonly deliveries: readonly Sent[];
    readonly silences: readonly Quiet[];
    readonly changes: readonly ChangeMarker[];
    readonly now: number;
  },
): Entry[] {
  const { from, to } = incidentWindow(alert, more.now);
  const entry = (at: Date, kind: string, label: string, by: string | null = null): Entry => ({
    ...{ at: at.toISOString(), kind, label, by },
  });
  const entries = [
    entry(alert.startedAt, "opened", alert.title, alert.source),
    ...more.deliveries.flatMap((one) => sentEntry(one, entry)),
    ...(alert.acknowledgedAt && alert.acknowledgedBy
      ? [entry(alert.acknowledgedAt, "acknowledged", alert.acknowledgement ?? "I have it", alert.acknowledgedBy)]
      : []),
    ...more.silences.flatMap((one) => quietEntries(one, entry, more.now)),
    ...more.changes.map(({ at, label }) => entry(new Date(at), "change", label)),
    ...(alert.resolvedAt ? [entry(alert.resolvedAt, "resolved", "over", alert.source)] : []),
  ];
  return entries
    .filter(({ at }) => Date.parse(at) >= from && (Date.parse(at) <= to || alert.resolvedAt !== null))
    .sort((a, b) => a.at.localeCompare(b.at));
}

type Make = (at: Date, kind: string, label: string, by?: string | null) => Entry;
const EVENTS: Readonly<Record<string, string>> = {
  firing: "that it fires",
  resolved: "that it is over",
  acknowledged: "that somebody has it",
};

function sentEntry({ event, state, channel, lastError, attempts, ...times }: Sent, entry: Make): Entry[] {
  const what = EVENTS[event] ?? event;
  if (state === "delivered" && times.deliveredAt) {
    return [entry(times.deliveredAt, "delivered", `${channel.name} was told ${what}`, channel.name)];
  }
  if (state === "silenced") return [entry(times.createdAt, "silenced", `${channel.name} was not told: silenced`)];
  const tries = attempts === 1 ? "1 try" : `${attempts} tries`;
  if (state === "failed") {
    const label = `${channel.name} could not be told ${what} (${tries}): ${lastError ?? "given up"}`;
    return [entry(times.createdAt, "delivery_failed", label, channel.name)];
  }
  if (lastError === null) return [];
  return [
    entry(times.createdAt, "delivery_failed", `${channel.name} is still being told ${what} (${tries}): ${lastError}`),
  ];
}

function quietEntries(one: Quiet, entry: Make, now: number): Entry[] {
  const until = `until ${one.endsAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const began = entry(one.startsAt, "silenced", `silenced ${until}: ${one.reason}`, one.createdBy);
  const end = one.endedAt ?? one.endsAt;
  if (end.getTime() > now) return [began];
  return [began, entry(end, "silence_ended", "the silence ended", one.endedBy)];
}
