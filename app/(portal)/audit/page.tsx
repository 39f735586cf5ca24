import type { Metadata } from "next";
import { AuditFilter } from "@/components/audit/audit-filter";
import { AuditTable } from "@/components/audit/audit-table";
import { Refusal } from "@/components/shell/refusal";
import { CopyMenu } from "@/components/ui/copy-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { listAuditEvents } from "@/lib/audit/queries";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Audit" };

export default async function Audit({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const filter = pick(params, ["actor", "action", "subject"]);
  const { cursor } = pick(params, ["cursor"]);
  const result = await read(listAuditEvents, { ...filter, ...(cursor && { cursor }) });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  const query = hrefWith("/api/v1/audit/events", filter);
  return (
    <>
      <PageHeader
        title="Audit"
        note="Who did what to what, with the change and what was refused. Nobody can change or remove an event."
        actions={
          <CopyMenu
            entries={[{ label: "curl", text: `curl -H "Authorization: Bearer $PROVISO_TOKEN" "$PROVISO_URL${query}"` }]}
          />
        }
      />
      <AuditFilter values={filter} />
      <Panel title="Events" aside="newest first">
        {items.length > 0 ? (
          <AuditTable events={items} />
        ) : (
          <EmptyState
            title={cursor || Object.keys(filter).length > 0 ? "No event fits this filter" : "No events yet"}
            action={<LinkButton href="/audit">Show all</LinkButton>}
          >
            Every change writes one, and so does every refused attempt.
          </EmptyState>
        )}
        <Pagination
          summary={`${items.length} ${items.length === 1 ? "event" : "events"}`}
          firstHref={cursor ? hrefWith("/audit", filter) : undefined}
          nextHref={nextCursor ? hrefWith("/audit", { ...filter, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
