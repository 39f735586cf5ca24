"use client";

import { useQuery } from "@tanstack/react-query";
import { Stack, WithAside } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { alertQuery } from "@/lib/monitoring/query-options";
import { isForeign } from "./alert-words";
import { DeliveriesPanel } from "./deliveries-panel";
import { ForeignPanel } from "./foreign-panel";
import { IncidentActions } from "./incident-actions";
import { IncidentChanges } from "./incident-changes";
import { IncidentFacts } from "./incident-facts";
import { IncidentHeader, type Reasons } from "./incident-header";
import { PromisePanel } from "./promise-panel";
import { RevisionsPanel } from "./revisions-panel";
import { SilenceNotice } from "./silence-notice";
import { TimelinePanel } from "./timeline-panel";

type Props = { readonly initial: AlertDetail; readonly reasons: Reasons };

/** Everything that one needs when one is called, kept current. */
export function IncidentView({ initial, reasons }: Props) {
  const { data: alert = initial, error } = useQuery({ ...alertQuery(initial.id), initialData: initial });
  return (
    <>
      <IncidentHeader alert={alert} reasons={reasons} />
      {error && (
        <Notice tone="risk" title="This is not current: the portal does not answer." className="mb-4" live>
          {error.message}
        </Notice>
      )}
      {alert.silence && <SilenceNotice silence={alert.silence} reason={reasons.acknowledge} />}
      <IncidentFacts alert={alert} />
      <WithAside
        aside={
          <>
            <TimelinePanel alert={alert} />
            {alert.endpoint !== null && <IncidentChanges alert={alert} />}
          </>
        }
      >
        <Stack>
          {alert.promise && <PromisePanel alert={alert} promise={alert.promise} />}
          {isForeign(alert) && <ForeignPanel alert={alert} />}
          <IncidentActions alert={alert} reasons={reasons} />
          {alert.endpoint !== null && <RevisionsPanel alert={alert} />}
          <DeliveriesPanel alert={alert} />
        </Stack>
      </WithAside>
    </>
  );
}
