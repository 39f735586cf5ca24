"use client";

import Link from "next/link";
import { ClauseState } from "@/components/ui/clause-state";
import { CopyMenu } from "@/components/ui/copy-menu";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { AcknowledgeButton } from "./acknowledge-button";
import { alertLook, kindWord } from "./alert-words";
import { SeverityBadge } from "./severity-badge";
import { SilenceButton } from "./silence-button";

export type Reasons = {
  /** Why this person may not acknowledge or silence; null: they may. */
  readonly acknowledge: string | null;
  /** Why they may not roll back; null: they may. */
  readonly rollback: string | null;
};

type Props = { readonly alert: AlertDetail; readonly reasons: Reasons };

/** What is wrong, how urgent it is and since when; at the right, taking it on. */
export function IncidentHeader({ alert, reasons }: Props) {
  const firing = alert.state === "firing";
  return (
    <PageHeader
      crumbs={[{ label: "Alerts", href: "/alerts" }]}
      title={alert.title}
      state={
        <>
          <ClauseState {...alertLook(alert)} />
          <SeverityBadge severity={alert.severity} />
        </>
      }
      note={<Note alert={alert} />}
      actions={
        <>
          <CopyMenu entries={copyEntries(alert.id)} />
          {firing && !alert.silence && <SilenceButton target={alert} reason={silenceReason(alert, reasons)} />}
          {firing && <AcknowledgeButton alert={alert} reason={acknowledgeReason(alert, reasons)} />}
        </>
      }
    />
  );
}

function Note({ alert }: { readonly alert: AlertDetail }) {
  const { kind, source, startedAt, endpoint, useCase, contract } = alert;
  return (
    <>
      {alert.summary !== alert.title && <p className="text-fg">{alert.summary}</p>}
      {kindWord(kind)}, from {source} · began <RelativeTime at={startedAt} />
      {endpoint && (
        <>
          {" "}
          · endpoint{" "}
          <Link href={`/endpoints/${endpoint}`} className="link">
            {endpoint}
          </Link>
        </>
      )}
      {contract && useCase && (
        <>
          {" "}
          ·{" "}
          <Link href={`/use-cases/${useCase}/contract/${contract.number}`} className="link">
            contract v{contract.number}
          </Link>
        </>
      )}
    </>
  );
}

/** Somebody has it already: the button stays and says who. */
function acknowledgeReason({ acknowledged }: AlertDetail, { acknowledge }: Reasons): string | null {
  return acknowledged ? `${acknowledged.by} has it.` : acknowledge;
}

export function silenceReason({ endpoint, source }: AlertDetail, { acknowledge }: Reasons): string | null {
  if (endpoint === null) return `It names no endpoint that is known here: silence it at ${source}.`;
  return acknowledge;
}

function copyEntries(id: string) {
  const curl = `curl -sS "$PROVISO_URL/api/v1/alerts/${id}/acknowledge" -H "Authorization: Bearer $PROVISO_TOKEN" -H "Content-Type: application/json" -d '{"comment": "I have it"}'`;
  return [
    { label: "CLI", text: `npx proviso alert ack ${id} --comment "I have it"` },
    { label: "curl", text: curl },
  ];
}
