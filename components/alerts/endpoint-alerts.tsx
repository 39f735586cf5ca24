"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import type { AlertSummary } from "@/lib/monitoring/alert-view";
import { alertsQuery } from "@/lib/monitoring/query-options";
import type { Page } from "@/lib/page";
import { AlertTable } from "./alert-table";
import { SilenceButton } from "./silence-button";

type Props = {
  readonly name: string;
  readonly firing: Page<AlertSummary>;
  readonly resolved: Page<AlertSummary>;
  /** Why this person may not silence; null: they may. */
  readonly reason: string | null;
};

/** What fires on an endpoint, and then what was over last; kept current. */
export function EndpointAlerts({ name, firing, resolved, reason }: Props) {
  const now = useQuery({
    ...alertsQuery({ endpoint: name, state: "firing", sort: "worst", limit: 10 }),
    initialData: firing,
  });
  const before = useQuery({ ...alertsQuery({ endpoint: name, state: "resolved", limit: 5 }), initialData: resolved });
  const alerts = [...now.data.items, ...before.data.items];
  const error = now.error ?? before.error;
  return (
    <Panel
      title="Alerts on this endpoint"
      id="alerts"
      aside={
        <span className="flex items-center gap-3">
          <Link href={`/alerts?state=all&endpoint=${name}`} className="link">
            All of them
          </Link>
          <SilenceButton target={{ endpoint: name, clause: null }} reason={reason} small />
        </span>
      }
    >
      {error && (
        <Notice tone="risk" title="The list is not current: the portal does not answer." className="m-3" live>
          {error.message}
        </Notice>
      )}
      {alerts.length > 0 ? (
        <AlertTable alerts={alerts} label="Alerts on this endpoint" withEndpoint={false} />
      ) : (
        <PanelBody className="text-muted">
          None fires and none did. Breached clauses, budgets that burn, a silent endpoint and alerts of an Alertmanager
          about it stand here.
        </PanelBody>
      )}
    </Panel>
  );
}
