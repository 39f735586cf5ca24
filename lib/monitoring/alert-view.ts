import { z } from "zod";
import { metric } from "@/lib/contracts/document";
import { endpointName } from "@/lib/deployments/schema";
import { changeMarker, howMeasured } from "@/lib/monitoring/schema";
import { alertSeverity } from "@/lib/monitoring/slo-view";
import { pageInput, pageOf } from "@/lib/page";
import { exactText, text } from "@/lib/text";

const count = z.number().int();
const time = z.iso.datetime();
const id = z.uuid({ error: "not an id of ours" });

export const alertKind = z.enum(["clause_breach", "burn_rate", "endpoint_down", "foreign"]);
export const alertState = z.enum(["firing", "resolved"]);
export const deliveryState = z.enum(["pending", "delivered", "failed", "silenced"]);
export const alertEvent = z.enum(["firing", "resolved", "acknowledged"]);
export type AlertEvent = z.output<typeof alertEvent>;
export const channelKind = z.enum(["webhook", "slack", "pagerduty", "alertmanager"]);
export type ChannelKind = z.output<typeof channelKind>;

/** A line of the list. */
export const alertSummary = z.object({
  id,
  kind: alertKind,
  severity: alertSeverity,
  state: alertState,
  /** Who raised it: `proviso`, or the foreign sender. */
  source: z.string(),
  /** Null: a foreign alert about an endpoint that is not known here. */
  endpoint: z.string().nullable(),
  useCase: z.string().nullable(),
  clause: z.string().nullable(),
  title: z.string(),
  summary: z.string(),
  startedAt: time,
  lastSeenAt: time,
  resolvedAt: time.nullable(),
  acknowledged: z.object({ by: z.string(), at: time, comment: z.string().nullable() }).nullable(),
  /** The silence that holds now; null: people are told. */
  silence: z.object({ id, reason: z.string(), endsAt: time, by: z.string() }).nullable(),
  /** Messages by state. */
  deliveries: z.object({ pending: count, delivered: count, failed: count, silenced: count }),
});
export type AlertSummary = z.output<typeof alertSummary>;

export const listAlertsInput = pageInput.extend({
  state: z.union([alertState, z.literal("").transform(() => undefined)]).optional(),
  severity: z.union([alertSeverity, z.literal("").transform(() => undefined)]).optional(),
  endpoint: text({ max: 100 }).optional(),
  /** `worst`: pages before tickets. Then, as unless told, the newest first. */
  sort: z.enum(["newest", "worst"]).default("newest"),
});
export const alertPage = pageOf(alertSummary);

/** Banner and badge. */
export const alertsSummary = z.object({
  firing: count,
  /** Firing and nobody has said "I have it". */
  unacknowledged: count,
  /** Enabled channels; 0: nobody would be told. */
  channels: count,
  /** Enabled channels whose last message was given up. */
  failingChannels: count,
  /** Endpoints that serve and whose pages no channel takes. */
  uncovered: z.array(z.string()),
});

export const alertKey = z.object({ id });

export const delivery = z.object({
  id,
  channel: z.string(),
  kind: channelKind,
  event: alertEvent,
  state: deliveryState,
  attempts: count,
  lastStatus: count.nullable(),
  lastError: z.string().nullable(),
  createdAt: time,
  deliveredAt: time.nullable(),
  /** When it is tried again; null: it is not. */
  nextAttemptAt: time.nullable(),
});

export const timelineEntry = z.object({
  at: time,
  /** opened | delivered | delivery_failed | acknowledged | silenced | silence_ended | change | resolved */
  kind: z.string(),
  label: z.string(),
  /** Who or what did it, where that is known. */
  by: z.string().nullable(),
});

export const suggestedAction = z.object({
  kind: z.enum(["roll_back", "silence", "drill", "amend"]),
  title: z.string(),
  why: z.string(),
  /** Page that does it. */
  href: z.string(),
  /** What can be undone, and how fast. */
  reversible: z.string(),
});

export const revisionShare = z.object({
  revision: z.string(),
  model: z.string().nullable(),
  version: count.nullable(),
  requests: count,
  /** Requests with a right to an answer that the model did not answer. */
  errors: count,
  errorRatio: z.number().nullable(),
  /** Milliseconds; null without requests that were taken on. */
  p99: z.number().nullable(),
});

/** The incident page: everything at hand when one is paged. */
export const alertDetail = alertSummary.extend({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  contract: z.object({ useCase: z.string(), number: count }).nullable(),
  /** What is promised and what was measured last; null: the alert is about no clause. */
  promise: z
    .object({
      clause: z.string(),
      metric,
      name: z.string(),
      sentence: z.string(),
      target: z.number(),
      direction: z.enum(["at_most", "at_least"]),
      unit: z.string(),
      owner: z.string(),
      window: z.object({ seconds: count, clock: z.enum(["wall", "event"]) }),
      howMeasured,
      value: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      n: count,
      state: z.string(),
      reason: z.string(),
      evaluatedAt: time.nullable(),
    })
    .nullable(),
  /** From the alert's beginning less its lead, to its end or now. */
  window: z.object({ from: time, to: time }),
  /** By revision over the window; empty for a foreign alert without endpoint, or while nothing is measured. */
  revisions: z.array(revisionShare),
  /** Promotions, rollbacks and contracts in the week before and during it, newest first. */
  changes: z.array(changeMarker),
  /** Easiest to undo first. */
  actions: z.array(suggestedAction),
  timeline: z.array(timelineEntry),
  deliveryLog: z.array(delivery),
  /** Share of the clause's budget that the incident spent; null: not resolved yet, or a clause without budget. */
  budgetSpent: z.number().nullable(),
});
export type AlertDetail = z.output<typeof alertDetail>;

export const acknowledgeAlertInput = alertKey.extend({ comment: text({ max: 1000 }).optional() });

export const createSilenceInput = z
  .object({
    endpoint: endpointName,
    /** Absent: every clause of the endpoint, and whether it answers. */
    clause: text({ min: 1, max: 61 }).optional(),
    reason: text({ min: 5, max: 500, missing: "say why nobody need be told" }),
    /** Either of the two. */
    endsAt: z.iso.datetime().optional(),
    minutes: z.coerce
      .number()
      .int()
      .min(1)
      .max(30 * 24 * 60)
      .optional(),
  })
  .refine(({ endsAt, minutes }) => (endsAt === undefined) !== (minutes === undefined), {
    error: "say until when (endsAt), or for how many minutes",
    path: ["endsAt"],
  });

export const silence = z.object({
  id,
  endpoint: z.string(),
  clause: z.string().nullable(),
  reason: z.string(),
  startsAt: time,
  endsAt: time,
  createdBy: z.string(),
  endedBy: z.string().nullable(),
  endedAt: time.nullable(),
  /** Whether it holds now. */
  active: z.boolean(),
});
export type Silence = z.output<typeof silence>;
export const silenceKey = z.object({ id });
export const listSilencesInput = pageInput.extend({
  endpoint: text({ max: 100 }).optional(),
  /** `true`: only those that hold now. */
  active: z.enum(["true", "false"]).optional(),
});
export const silencePage = pageOf(silence);

const channelUrl = z
  .string()
  .trim()
  .max(2000)
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), "an http or https address")
  .refine((value) => !URL.canParse(value) || new URL(value).username === "", "no user or password in the address");

const channelFields = {
  name: text({ min: 1, max: 80, missing: "give it a name" }),
  url: channelUrl,
  severity: alertSeverity,
  /** Absent: alerts of every endpoint. */
  endpoint: exactText({ max: 100 }).nullable(),
  /** Who answers for it: a person or a team. */
  owner: text({ min: 1, max: 200, missing: "say who answers for it" }),
  enabled: z.boolean(),
  /** webhook: key of the HMAC (16 or more); pagerduty: routing key of 32; the others need none. Never shown again. */
  secret: text({ max: 500 }),
};

export const createChannelInput = z.object({
  ...channelFields,
  kind: channelKind,
  /** pagerduty: its own address unless told. */
  url: channelUrl.optional(),
  severity: alertSeverity.default("ticket"),
  endpoint: channelFields.endpoint.default(null),
  enabled: z.boolean().default(true),
  secret: channelFields.secret.optional(),
});
export type CreateChannelInput = z.output<typeof createChannelInput>;
export const updateChannelInput = z
  .object({ ...channelFields })
  .partial()
  .extend({ id });
export const channelKey = z.object({ id });

export const channel = z.object({
  id,
  name: z.string(),
  kind: channelKind,
  /** The host and the beginning of the path: the rest of a Slack address is a secret. */
  url: z.string(),
  /** Whether a secret is stored; the secret itself is never returned. */
  hasSecret: z.boolean(),
  severity: alertSeverity,
  endpoint: z.string().nullable(),
  owner: z.string(),
  enabled: z.boolean(),
  createdBy: z.string(),
  createdAt: time,
  /** The last message that was decided: taken or given up. */
  last: z.object({ at: time, state: deliveryState, status: count.nullable(), error: z.string().nullable() }).nullable(),
  pending: count,
});
export type Channel = z.output<typeof channel>;
export const channelPage = pageOf(channel);

/** What the receiver answered to a test message. */
export const channelTest = z.object({ ok: z.boolean(), status: count.nullable(), error: z.string().nullable() });

/** Alertmanager's webhook, version 4; fields that are not needed are let through. */
export const alertmanagerWebhook = z.object({
  version: z.literal("4", { error: "version 4 of Alertmanager's webhook is understood" }),
  receiver: text({ max: 200 }).optional(),
  status: z.enum(["firing", "resolved"]),
  externalURL: text({ max: 2000 }).optional(),
  truncatedAlerts: z.coerce.number().int().optional(),
  alerts: z
    .array(
      z.object({
        status: z.enum(["firing", "resolved"]),
        labels: z.record(z.string().max(200), text({ max: 2000 })),
        annotations: z.record(z.string().max(200), text({ max: 10_000 })).default({}),
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }).optional(),
        generatorURL: text({ max: 2000 }).optional(),
        fingerprint: text({ min: 1, max: 100 }),
      }),
    )
    .max(2000),
});
export type AlertmanagerWebhook = z.output<typeof alertmanagerWebhook>;

/** What became of each alert. `unknownEndpoint`: kept, but their label `endpoint` names none of ours. */
export const ingestReceipt = z.object({
  opened: count,
  refreshed: count,
  resolved: count,
  ignored: count,
  unknownEndpoint: count,
});
