import type { AlertEvent, ChannelKind } from "@/lib/monitoring/alert-view";
import { MINUTE_MS } from "@/lib/time";

/** What is told of an alert. Times are ISO. */
export type ToldAlert = {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly title: string;
  readonly summary: string;
  readonly endpoint: string | null;
  readonly clause: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startedAt: string;
  readonly resolvedAt: string | null;
  readonly acknowledgedBy: string | null;
};

/** One message to one channel. */
export type Told = {
  readonly alert: ToldAlert;
  readonly event: AlertEvent;
  /** The same for every try of it: receivers drop what they have. */
  readonly deliveryId: string;
  /** Where people reach the portal; null: there are no links. */
  readonly portal: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
};

export type Receiver = {
  readonly kind: ChannelKind;
  readonly url: string;
  /** Key of the signature (webhook), routing key (PagerDuty). */
  readonly secret: string | null;
};

export type Message = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signWith?: string;
};

export const PAGERDUTY_URL = "https://events.pagerduty.com/v2/enqueue";
/** An alert that is not sent again for so long ends by itself at the Alertmanager; it is sent again every minute. */
const ALERTMANAGER_KEEPS_MS = 5 * MINUTE_MS;

/** The message in the receiver's own protocol. Null: it has no such event, so there is nothing to send. */
export function messageFor(receiver: Receiver, told: Told): Message | null {
  switch (receiver.kind) {
    case "webhook":
      return webhook(receiver, told);
    case "alertmanager":
      return told.event === "acknowledged" ? null : alertmanager(receiver, told);
    case "pagerduty":
      return json(receiver.url, pagerDuty(receiver.secret ?? "", told));
    case "slack":
      return json(receiver.url, slack(told));
  }
}

const json = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Message => ({
  url,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

const linkTo = ({ alert, portal }: Told) => (portal === null ? null : new URL(`/alerts/${alert.id}`, portal).href);

function webhook({ url, secret }: Receiver, told: Told): Message {
  const { event, deliveryId, now, alert } = told;
  const body = { id: deliveryId, event, at: iso(now), alert: { ...alert, url: linkTo(told) } };
  const headers = { "idempotency-key": deliveryId, "x-proviso-event": event };
  return { ...json(url, body, headers), ...(secret !== null && { signWith: secret }) };
}

const iso = (at: number) => new Date(at).toISOString();

/** Alertmanager's API v2, `POST /api/v2/alerts`. */
function alertmanager({ url }: Receiver, told: Told): Message {
  const { alert, event, now } = told;
  const base = url.replace(/\/+$/, "");
  const link = linkTo(told);
  const entry = {
    labels: alert.labels,
    annotations: { summary: alert.title, description: alert.summary, ...alert.annotations },
    startsAt: alert.startedAt,
    endsAt: event === "resolved" ? (alert.resolvedAt ?? iso(now)) : iso(now + ALERTMANAGER_KEEPS_MS),
    ...(link !== null && { generatorURL: link }),
  };
  return json(base.endsWith("/api/v2/alerts") ? base : `${base}/api/v2/alerts`, [entry]);
}

const ACTIONS = { firing: "trigger", acknowledged: "acknowledge", resolved: "resolve" } as const;

/** PagerDuty's Events API v2. */
function pagerDuty(routingKey: string, told: Told) {
  const { alert, event } = told;
  const head = { routing_key: routingKey, event_action: ACTIONS[event], dedup_key: alert.id };
  if (event !== "firing") return head;
  const link = linkTo(told);
  return {
    ...head,
    payload: {
      summary: `${alert.title}: ${alert.summary}`.slice(0, 1024),
      source: alert.endpoint ?? "proviso",
      severity: alert.severity === "page" ? "critical" : "warning",
      timestamp: alert.startedAt,
      ...(alert.clause !== null && { component: alert.clause }),
      ...(alert.labels.use_case !== undefined && { group: alert.labels.use_case }),
      class: alert.kind,
      custom_details: { ...alert.annotations },
    },
    client: "Proviso",
    ...(link !== null && { client_url: link, links: [{ href: link, text: "Incident in Proviso" }] }),
  };
}

const HEADS = { firing: "Firing", acknowledged: "Acknowledged", resolved: "Resolved" } as const;

/** An incoming webhook of Slack: text for notifications, blocks for the channel. */
function slack(told: Told) {
  const { alert, event } = told;
  const head = `${HEADS[event]}: ${alert.title}`;
  const link = linkTo(told);
  const facts = [
    `*Severity* ${alert.severity}`,
    ...(alert.annotations.owner === undefined ? [] : [`*Owner* ${escaped(alert.annotations.owner)}`]),
    ...(alert.annotations.contract === undefined ? [] : [`*Contract* ${escaped(alert.annotations.contract)}`]),
    `*Since* ${alert.startedAt}`,
  ];
  return {
    text: escaped(head),
    blocks: [
      { type: "header", text: { type: "plain_text", text: head.slice(0, 150) } },
      { type: "section", text: { type: "mrkdwn", text: escaped(wordsOf(told)).slice(0, 3000) } },
      { type: "context", elements: [{ type: "mrkdwn", text: facts.join("  ") }] },
      ...(link === null ? [] : [{ type: "section", text: { type: "mrkdwn", text: `<${link}|Open the incident>` } }]),
    ],
  };
}

function wordsOf({ alert, event }: Told): string {
  if (event === "acknowledged") return `${alert.acknowledgedBy ?? "Somebody"} has it.`;
  const { lasted, budget_spent: spent } = alert.annotations;
  if (event === "firing" || lasted === undefined) return alert.summary;
  return `It lasted ${lasted}${spent === undefined ? "" : ` and spent ${spent} of the error budget`}.`;
}

/** The three characters that mean something in Slack's text. */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** An alert that nobody has to do anything about, to see whether a channel arrives. */
export function testAlert(channel: { readonly id: string; readonly name: string }, now: number): ToldAlert {
  return {
    ...{ id: `test-${channel.id}`, kind: "test", severity: "ticket", state: "firing", endpoint: null, clause: null },
    title: `Test of the channel ${channel.name}`,
    summary: "Nothing is wrong: somebody looks whether alerts arrive here.",
    labels: { alertname: "ProvisoTest", channel: channel.name, severity: "ticket" },
    annotations: {},
    startedAt: iso(now),
    resolvedAt: null,
    acknowledgedBy: null,
  };
}
