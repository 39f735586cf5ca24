import { clauseName, clauseSentence, ownerName } from "@/lib/contracts/clause-words";
import type { Clause, ClauseKind } from "@/lib/contracts/document";
import { formatDuration, formatPercent } from "@/lib/format";
import { type BudgetPlan, type Counted, failing, firesWhen, firingAlerts, leftOf } from "@/lib/monitoring/error-budget";
import type { Liveness } from "@/lib/monitoring/liveness";
import type { AlertSeverity } from "@/lib/monitoring/slo-view";
import { tidy } from "@/lib/serving/burn-alerts";
import { MINUTE_MS, SECOND_MS } from "@/lib/time";

/** The kinds that we raise ourselves. */
export type OwnKind = "clause_breach" | "burn_rate" | "endpoint_down";

/** What is known of one endpoint now. */
export type AlertFacts = {
  readonly endpoint: string;
  readonly useCase: string;
  readonly environment: string;
  /** Null: nothing serves, so nothing is promised and nothing can be wrong. */
  readonly contract: { readonly id: string; readonly number: number } | null;
  readonly clauses: readonly {
    readonly clause: Clause;
    /** Of the last evaluation. */
    readonly reason: string | null;
    /** The breach that is open. */
    readonly breach: { readonly id: string; readonly openedAt: number } | null;
  }[];
  readonly budgets: readonly { readonly plan: BudgetPlan; readonly counted: Counted }[];
  /** Null: no revision of it has ever answered, so it cannot be down. */
  readonly live: Liveness | null;
};

/** An alert that should be firing. */
export type WantedAlert = {
  readonly fingerprint: string;
  readonly kind: OwnKind;
  readonly severity: AlertSeverity;
  readonly clauseId: string | null;
  readonly breachId: string | null;
  readonly title: string;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
};

/** People are woken for what callers feel now; what develops over days waits for the morning. */
const PAGED: readonly ClauseKind[] = ["latency", "availability", "failure_mode"];

export const severityOf = (kind: ClauseKind): AlertSeverity => (PAGED.includes(kind) ? "page" : "ticket");

/** Everything that should be firing on an endpoint now; empty when every promise is kept, also with no traffic at all. */
export function wantedAlerts(facts: AlertFacts): WantedAlert[] {
  if (!facts.contract) return [];
  return [...breachAlerts(facts), ...burnRateAlerts(facts), ...downAlerts(facts)];
}

/** Kinds of which nothing is known now: what fires of them goes on, and nothing new does. */
export function undecidedKinds({ contract, live }: AlertFacts): OwnKind[] {
  return contract && live?.kind === "unknown" ? ["endpoint_down"] : [];
}

function breachAlerts(facts: AlertFacts): WantedAlert[] {
  return facts.clauses.flatMap(({ clause, reason, breach }) => {
    if (!breach) return [];
    const summary = reason ?? "the clause is breached";
    return [
      made(facts, "clause_breach", severityOf(clause.kind), clause, {
        breachId: breach.id,
        title: `${clauseName(clause)} is breached on ${facts.endpoint}`,
        summary,
      }),
    ];
  });
}

/** One per clause, as urgent as the most urgent of its alerts. */
function burnRateAlerts(facts: AlertFacts): WantedAlert[] {
  return facts.budgets.flatMap(({ plan, counted }) => {
    const [first] = firingAlerts(plan, counted);
    if (!first) return [];
    const { clause } = plan;
    const left = leftOf(plan, counted);
    const times = `${tidy(Number(first.burnLong.toPrecision(3)))} times`;
    const summary =
      `Requests that ${failing(clause)} spend the error budget ${times} too fast ` +
      `(last ${formatDuration(first.longMs)}). It ${firesWhen(clause, first)}.`;
    return [
      made(facts, "burn_rate", first.severity, clause, {
        title: `${clauseName(clause)} burns its error budget on ${facts.endpoint}`,
        summary: left === null ? summary : `${summary} ${leftInWords(left)}.`,
        more: {
          burn_rate: `${tidy(Number(first.burnLong.toPrecision(3)))}`,
          window: formatDuration(first.longMs),
          ...(left !== null && { budget_left: formatPercent(left) }),
        },
      }),
    ];
  });
}

const leftInWords = (left: number) =>
  left > 0 ? `${formatPercent(left)} of the budget is left` : "Nothing of the budget is left";

function downAlerts(facts: AlertFacts): WantedAlert[] {
  if (facts.live?.kind !== "silent") return [];
  const title = `${facts.endpoint} does not answer`;
  return [made(facts, "endpoint_down", "page", null, { title, summary: `It is down: ${facts.live.reason}.` })];
}

type Words = {
  readonly title: string;
  readonly summary: string;
  readonly breachId?: string;
  readonly more?: Readonly<Record<string, string>>;
};

const NAMES: Readonly<Record<OwnKind, string>> = {
  clause_breach: "ProvisoClauseBreached",
  burn_rate: "ProvisoErrorBudgetBurns",
  endpoint_down: "ProvisoEndpointDown",
};

function made(
  { endpoint, useCase, environment, contract }: AlertFacts,
  kind: OwnKind,
  severity: AlertSeverity,
  clause: Clause | null,
  { title, summary, breachId, more }: Words,
): WantedAlert {
  return {
    fingerprint: [kind, endpoint, ...(clause ? [clause.id] : [])].join("/"),
    ...{ kind, severity, title, summary, clauseId: clause?.id ?? null, breachId: breachId ?? null },
    labels: {
      alertname: NAMES[kind],
      ...{ endpoint, use_case: useCase, environment, severity },
      ...(clause && { clause: clause.id }),
    },
    annotations: {
      ...(contract && { contract: `v${contract.number}` }),
      ...(clause && { promise: clauseSentence(clause), owner: ownerName(clause.owner) }),
      ...more,
    },
  };
}

/** A firing alert as it is stored. */
export type FiringAlert = {
  readonly id: string;
  readonly fingerprint: string;
  readonly kind: string;
  readonly severity: string;
  /** When it was last wanted. */
  readonly lastSeenAt: number;
};

export type AlertChanges<Stored extends FiringAlert> = {
  readonly open: readonly WantedAlert[];
  readonly refresh: readonly { readonly stored: Stored; readonly wanted: WantedAlert }[];
  readonly resolve: readonly Stored[];
};

/** So long nothing may be wrong before an alert is over: a clause leaves its breach with a hysteresis of its own. */
const CALM_MS: Readonly<Record<OwnKind, number>> = {
  clause_breach: 0,
  burn_rate: MINUTE_MS,
  endpoint_down: 10 * SECOND_MS,
};

/** What has to change so that exactly the wanted alerts fire, each once. Severity only rises while an alert fires. */
export function alertChanges<Stored extends FiringAlert>(
  stored: readonly Stored[],
  wanted: readonly WantedAlert[],
  undecided: readonly string[],
  now: number,
): AlertChanges<Stored> {
  const firing = new Map(stored.map((alert) => [alert.fingerprint, alert]));
  const asked = new Set(wanted.map(({ fingerprint }) => fingerprint));
  return {
    open: wanted.filter(({ fingerprint }) => !firing.has(fingerprint)),
    refresh: wanted.flatMap((one) => {
      const known = firing.get(one.fingerprint);
      return known ? [{ stored: known, wanted: known.severity === "page" ? paged(one) : one }] : [];
    }),
    resolve: stored.filter(
      ({ fingerprint, kind, lastSeenAt }) =>
        !asked.has(fingerprint) && !undecided.includes(kind) && now - lastSeenAt >= (CALM_MS[kind as OwnKind] ?? 0),
    ),
  };
}

const paged = (alert: WantedAlert): WantedAlert => ({
  ...alert,
  severity: "page",
  labels: { ...alert.labels, severity: "page" },
});

export type Route = { readonly severity: string; readonly endpointId: string | null };

/** Whether a channel is told of an alert: of the endpoint, or of all; `page` takes pages only. */
export function isFor(channel: Route, alert: Route): boolean {
  const ofEndpoint = channel.endpointId === null || channel.endpointId === alert.endpointId;
  return ofEndpoint && (channel.severity === "ticket" || alert.severity === "page");
}

export type SilenceRow = {
  readonly clauseId: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly endedAt: Date | null;
};

/** Whether a silence holds at `now` (milliseconds since 1970). */
export function isActive({ startsAt, endsAt, endedAt }: SilenceRow, now: number): boolean {
  return startsAt.getTime() <= now && now < endsAt.getTime() && (endedAt === null || now < endedAt.getTime());
}

/** The silence among those of an alert's endpoint that covers it: one of its clause, or one of the whole endpoint. */
export function silenceOf<S extends SilenceRow>(silences: readonly S[], clauseId: string | null, now: number) {
  return silences.find(
    (one) => isActive(one, now) && (one.clauseId === null || (clauseId !== null && one.clauseId === clauseId)),
  );
}
