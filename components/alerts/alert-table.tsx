import { Badge } from "@/components/ui/badge";
import { ClauseState } from "@/components/ui/clause-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowLink, Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatDuration } from "@/lib/format";
import type { AlertSummary } from "@/lib/monitoring/alert-view";
import { alertLook, isForeign, kindWord, toldLook } from "./alert-words";
import { SeverityBadge } from "./severity-badge";

type Props = {
  readonly alerts: readonly AlertSummary[];
  readonly label: string;
  /** Left out where all are of one endpoint. */
  readonly withEndpoint?: boolean;
};

/** Alerts with who has them and who was told. The whole row leads to the incident. */
export function AlertTable({ alerts, label, withEndpoint = true }: Props) {
  return (
    <Table label={label} minWidth={withEndpoint ? 880 : 720}>
      <Thead>
        <Th>Alert</Th>
        {withEndpoint && <Th>Endpoint</Th>}
        <Th>Severity</Th>
        <Th>State</Th>
        <Th>Told</Th>
        <Th>Began</Th>
      </Thead>
      <Tbody>
        {alerts.map((alert) => (
          <Tr key={alert.id}>
            <Td className="max-w-104">
              <RowLink href={`/alerts/${alert.id}`}>{alert.title}</RowLink>
              {alert.summary !== alert.title && <Sub>{alert.summary}</Sub>}
            </Td>
            {withEndpoint && (
              <Td>
                {alert.endpoint ?? <span className="text-muted">none known here</span>}
                {alert.clause && <Sub>{alert.clause}</Sub>}
              </Td>
            )}
            <Td>
              <span className="flex flex-wrap gap-1">
                <SeverityBadge severity={alert.severity} />
                {isForeign(alert) && <Badge tone="outline">from {alert.source}</Badge>}
              </span>
              {!isForeign(alert) && <Sub>{kindWord(alert.kind)}</Sub>}
            </Td>
            <Td>
              <ClauseState {...alertLook(alert)} />
              <StateNote alert={alert} />
            </Td>
            <Td>
              <Told alert={alert} />
            </Td>
            <Td className="whitespace-nowrap text-muted">
              <RelativeTime at={alert.startedAt} />
              {alert.resolvedAt && (
                <Sub>lasted {formatDuration(Date.parse(alert.resolvedAt) - Date.parse(alert.startedAt))}</Sub>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function StateNote({ alert: { acknowledged, silence } }: { readonly alert: AlertSummary }) {
  return (
    <>
      {acknowledged && <Sub>{acknowledged.by}</Sub>}
      {silence && (
        <Sub>
          silenced, ends <RelativeTime at={silence.endsAt} />
        </Sub>
      )}
    </>
  );
}

/** A foreign alert has its own Alertmanager to tell people. */
function Told({ alert }: { readonly alert: AlertSummary }) {
  const { note, ...look } = toldLook(alert.deliveries);
  const nobody = Object.values(alert.deliveries).every((count) => count === 0);
  if (isForeign(alert) && nobody) return <span className="text-sm text-muted">by {alert.source}</span>;
  return (
    <>
      <ClauseState {...look} />
      {note && <Sub>{note}</Sub>}
    </>
  );
}
