import { PAGERDUTY_URL } from "@/lib/monitoring/alert-messages";
import type { ChannelKind } from "@/lib/monitoring/alert-view";

/** Messages by field where something of a channel does not fit its kind; empty: it does. */
export type ChannelProblems = Readonly<Record<string, readonly string[]>>;

type Given = {
  readonly kind: ChannelKind;
  readonly url: string | undefined;
  /** Undefined: none was given. */
  readonly secret: string | undefined;
};

const ROUTING_KEY = /^[A-Za-z0-9]{32}$/;
const SHORTEST_KEY = 16;

export function channelProblems({ kind, url, secret }: Given): ChannelProblems {
  const needsUrl: ChannelProblems = url === undefined && kind !== "pagerduty" ? { url: ["say where to send it"] } : {};
  return { ...needsUrl, ...secretProblems(kind, secret) };
}

function secretProblems(kind: ChannelKind, secret: string | undefined): ChannelProblems {
  if (kind === "webhook" && (secret ?? "").length < SHORTEST_KEY) {
    return { secret: [`the key that the receiver checks the signature with, at least ${SHORTEST_KEY} characters`] };
  }
  if (kind === "pagerduty" && !ROUTING_KEY.test(secret ?? "")) {
    return { secret: ["the routing key of the service, 32 letters and digits"] };
  }
  if ((kind === "slack" || kind === "alertmanager") && (secret ?? "") !== "") {
    return { secret: [`a channel of the kind ${kind} needs none`] };
  }
  return {};
}

/** What is stored: the address of a Slack webhook is itself the secret, so only its host is kept readable. */
export function storedParts({ kind, url = PAGERDUTY_URL, secret }: Given) {
  if (kind === "slack") return { url: new URL(url).origin, secret: url };
  return { url, secret: secret === undefined || secret === "" ? null : secret };
}

/** Where and with which secret to send, from what is stored and unsealed. */
export function receiverOf(stored: { readonly kind: ChannelKind; readonly url: string }, secret: string | null) {
  return stored.kind === "slack" ? { ...stored, url: secret ?? stored.url, secret: null } : { ...stored, secret };
}
