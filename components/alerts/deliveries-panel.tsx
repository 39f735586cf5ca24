import { ClauseState } from "@/components/ui/clause-state";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { deliveryLook, isForeign } from "./alert-words";

type Delivery = AlertDetail["deliveryLog"][number];

/** Who was told what, with what the receiver answered. */
export function DeliveriesPanel({ alert }: { readonly alert: AlertDetail }) {
  const { deliveryLog } = alert;
  return (
    <Panel title="Messages" aside={deliveryLog.length > 0 ? "oldest first" : undefined}>
      {deliveryLog.length === 0 ? (
        <PanelBody className="text-muted">
          {isForeign(alert)
            ? `People are told by ${alert.source}; nothing is sent from here.`
            : "Nothing was sent: no enabled channel takes alerts of this endpoint and severity."}
        </PanelBody>
      ) : (
        <Table label="Messages" minWidth={640}>
          <Thead>
            <Th>Channel</Th>
            <Th>Says</Th>
            <Th>State</Th>
            <Th numeric>Tries</Th>
            <Th>Answer</Th>
            <Th>When</Th>
          </Thead>
          <Tbody>
            {deliveryLog.map((one) => (
              <Row key={one.id} one={one} />
            ))}
          </Tbody>
        </Table>
      )}
    </Panel>
  );
}

function Row({ one }: { readonly one: Delivery }) {
  return (
    <Tr>
      <Td className="max-w-56 wrap-anywhere">
        {one.channel}
        <Sub>{one.kind}</Sub>
      </Td>
      <Td>{one.event}</Td>
      <Td>
        <ClauseState {...deliveryLook(one.state)} />
      </Td>
      <Td numeric>{one.attempts}</Td>
      <Td className="max-w-72 wrap-anywhere">
        {one.lastStatus !== null && <span className="num">{one.lastStatus}</span>}
        {one.lastError && <Sub>{one.lastError}</Sub>}
        {one.lastStatus === null && !one.lastError && <span className="text-muted">—</span>}
      </Td>
      <Td className="whitespace-nowrap text-muted">
        <RelativeTime at={one.deliveredAt ?? one.createdAt} />
        {one.nextAttemptAt && one.state === "pending" && (
          <Sub>
            next try <RelativeTime at={one.nextAttemptAt} />
          </Sub>
        )}
      </Td>
    </Tr>
  );
}
