import type { AlertmanagerWebhook } from "@/lib/monitoring/alert-view";
import type { AlertSeverity } from "@/lib/monitoring/slo-view";

type Sent = AlertmanagerWebhook["alerts"][number];

/** An alert of another system, in our words. Times in milliseconds since 1970. */
export type ForeignAlert = {
  readonly fingerprint: string;
  readonly status: "firing" | "resolved";
  readonly severity: AlertSeverity;
  /** As the label `endpoint` names it; null: it names none. */
  readonly endpoint: string | null;
  readonly title: string;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: number;
  readonly endsAt: number | null;
};

/** What other teams call an alert that wakes somebody. */
const PAGES = ["page", "critical", "emergency", "error", "p1"];
/** Alertmanager's "no end yet" is the year 1. */
const FIRST_YEAR = Date.parse("1971-01-01T00:00:00Z");

/** One alert of Alertmanager's webhook. */
export function foreignAlert(sent: Sent): ForeignAlert {
  const { labels, annotations, fingerprint, status, generatorURL } = sent;
  const name = labels.alertname ?? "Alert";
  const endsAt = sent.endsAt === undefined ? null : Date.parse(sent.endsAt);
  return {
    ...{ fingerprint, status, labels, startsAt: Date.parse(sent.startsAt) },
    severity: PAGES.includes((labels.severity ?? "").toLowerCase()) ? "page" : "ticket",
    endpoint: labels.endpoint === undefined || labels.endpoint === "" ? null : labels.endpoint,
    title: (annotations.summary ?? annotations.title ?? name).slice(0, 300),
    summary: (annotations.description ?? annotations.message ?? annotations.summary ?? name).slice(0, 2000),
    annotations: { ...annotations, ...(generatorURL !== undefined && { generator_url: generatorURL }) },
    endsAt: endsAt === null || endsAt < FIRST_YEAR ? null : endsAt,
  };
}
