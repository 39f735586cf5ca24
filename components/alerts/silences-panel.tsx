import Link from "next/link";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { Silence } from "@/lib/monitoring/alert-view";
import type { Page } from "@/lib/page";
import { hrefWith } from "@/lib/query-string";
import { EndSilenceButton } from "./end-silence-button";
import { SilenceButton } from "./silence-button";

type Props = {
  readonly page: Page<Silence>;
  readonly cursor: string | null;
  /** Only those of one endpoint. */
  readonly endpoint: string | null;
  /** Why this person may not end or make one; null: they may. */
  readonly reason: string | null;
};

/** Of what nobody is told now, why, and until when. */
export function SilencesPanel({ page: { items, nextCursor }, cursor, endpoint, reason }: Props) {
  const href = (after?: string) => hrefWith("/settings/alerts", { endpoint, silences: after });
  return (
    <Panel
      title={endpoint ? `Active silences on ${endpoint}` : "Active silences"}
      id="silences"
      aside={
        endpoint && (
          <span className="flex gap-2">
            <LinkButton size="sm" variant="quiet" href="/settings/alerts">
              Of every endpoint
            </LinkButton>
            <SilenceButton target={{ endpoint, clause: null }} reason={reason} small />
          </span>
        )
      }
    >
      {items.length === 0 ? (
        <EmptyState title="Nothing is silenced">
          A silence is made from an alert or from the page of an endpoint, with a reason and an end. Alerts are raised
          and shown while it lasts, and nobody is told.
        </EmptyState>
      ) : (
        <Table label="Active silences" minWidth={720}>
          <Thead>
            <Th>Endpoint</Th>
            <Th>Reason</Th>
            <Th>By</Th>
            <Th>Ends</Th>
            <Th>
              <span className="sr-only">End</span>
            </Th>
          </Thead>
          <Tbody>
            {items.map((silence) => (
              <Tr key={silence.id}>
                <Td>
                  <Link href={`/endpoints/${silence.endpoint}`} className="link">
                    {silence.endpoint}
                  </Link>
                  <Sub>{silence.clause ? `only ${silence.clause}` : "everything on it"}</Sub>
                </Td>
                <Td className="max-w-96 wrap-anywhere">{silence.reason}</Td>
                <Td>
                  {silence.createdBy}
                  <Sub>
                    <RelativeTime at={silence.startsAt} />
                  </Sub>
                </Td>
                <Td className="whitespace-nowrap">
                  <RelativeTime at={silence.endsAt} />
                </Td>
                <Td className="text-right">
                  <EndSilenceButton id={silence.id} reason={reason} />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      {(cursor || nextCursor) && (
        <Pagination
          summary={`${items.length} silences`}
          firstHref={cursor ? href() : undefined}
          nextHref={nextCursor ? href(nextCursor) : undefined}
        />
      )}
    </Panel>
  );
}
