import { Badge } from "@/components/ui/badge";
import { Num } from "@/components/ui/num";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatUtc } from "@/lib/format";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { worstRevision } from "./incident-numbers";

/** Whether one revision fails and another does not: the question before a rollback. */
export function RevisionsPanel({ alert: { revisions, window } }: { readonly alert: AlertDetail }) {
  const worst = worstRevision(revisions);
  const range = `${formatUtc(Date.parse(window.from))} to ${formatUtc(Date.parse(window.to))}`;
  return (
    <Panel title="Split by revision" aside={<span title={range}>from an hour before it began</span>}>
      {revisions.length === 0 ? (
        <PanelBody className="text-muted">No request was counted in that time.</PanelBody>
      ) : (
        <Table label="Requests by revision" minWidth={520}>
          <Thead>
            <Th>Revision</Th>
            <Th numeric>Requests</Th>
            <Th numeric>Failed</Th>
            <Th numeric>Failed, share</Th>
            <Th numeric>p99, ms</Th>
          </Thead>
          <Tbody>
            {revisions.map(({ revision, model, version, requests, errors, errorRatio, p99 }) => (
              <Tr key={revision}>
                <Td>
                  <span className="num">{revision}</span>{" "}
                  {model !== null && (
                    <span className="text-muted">
                      {model} v{version}
                    </span>
                  )}{" "}
                  {revision === worst && <Badge tone="accent">fails most</Badge>}
                </Td>
                <Td numeric>
                  <Num value={requests} unit="count" />
                </Td>
                <Td numeric>
                  <Num value={errors} unit="count" />
                </Td>
                <Td numeric>
                  <Num value={errorRatio} unit="ratio" />
                </Td>
                <Td numeric>
                  <Num value={p99} />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
    </Panel>
  );
}
