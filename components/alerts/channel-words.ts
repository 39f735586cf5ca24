import type { ChannelKind } from "@/lib/monitoring/alert-view";

type Words = {
  readonly label: string;
  /** What it does, in a line. */
  readonly does: string;
  /** Null: it needs no address of its own. */
  readonly url: { readonly label: string; readonly hint: string; readonly placeholder: string } | null;
  /** Null: it needs no secret. */
  readonly secret: { readonly label: string; readonly hint: string } | null;
};

/** What a channel of each kind asks for. */
export const CHANNEL_WORDS: Readonly<Record<ChannelKind, Words>> = {
  webhook: {
    label: "Webhook",
    does: "POST of JSON to a service of your own, signed, tried again for hours.",
    url: {
      label: "Address",
      hint: "Gets firing, acknowledged and resolved.",
      placeholder: "https://example.com/alerts",
    },
    secret: {
      label: "Key of the signature",
      hint: "At least 16 characters; the receiver checks the HMAC-SHA256 of the body with it. Stored encrypted, never shown again.",
    },
  },
  slack: {
    label: "Slack",
    does: "A message in a Slack channel, with a link to the incident.",
    url: {
      label: "Incoming webhook",
      hint: "Made in Slack under Incoming Webhooks. Whoever has it can post: stored encrypted, never shown again.",
      placeholder: "https://hooks.slack.com/services/…",
    },
    secret: null,
  },
  pagerduty: {
    label: "PagerDuty",
    does: "Opens, acknowledges and resolves an incident through Events API v2.",
    url: null,
    secret: {
      label: "Routing key",
      hint: "The 32 characters of an Events API v2 integration. Stored encrypted, never shown again.",
    },
  },
  alertmanager: {
    label: "Alertmanager",
    does: "Sends alerts to an Alertmanager that routes them on.",
    url: {
      label: "Address",
      hint: "Its base address; alerts go to /api/v2/alerts, again every minute while they fire.",
      placeholder: "http://alertmanager.example:9093",
    },
    secret: null,
  },
};

export const CHANNEL_KINDS = Object.keys(CHANNEL_WORDS) as ChannelKind[];

export type ChannelValues = {
  readonly kind: ChannelKind;
  readonly name: string;
  readonly url: string;
  readonly secret: string;
  readonly severity: string;
  /** Empty: every endpoint. */
  readonly endpoint: string;
  readonly owner: string;
};

/** What is sent: nothing that the kind has no field for, even if it was typed for another kind. */
export function channelInput({ kind, name, url, secret, severity, endpoint, owner }: ChannelValues) {
  const words = CHANNEL_WORDS[kind];
  return {
    ...{ kind, name, owner },
    severity: severity === "page" ? ("page" as const) : ("ticket" as const),
    endpoint: endpoint === "" ? null : endpoint,
    ...(words.url && url.trim() !== "" && { url: url.trim() }),
    ...(words.secret && secret !== "" && { secret }),
  };
}

/** What a test or the last message came to. */
export function answerWords(answer: { readonly status: number | null; readonly error: string | null }): string {
  if (answer.error !== null) return answer.error;
  return answer.status === null ? "accepted" : `answered ${answer.status}`;
}
