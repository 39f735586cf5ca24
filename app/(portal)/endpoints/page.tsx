import type { Metadata } from "next";
import { EndpointFilter } from "@/components/deployments/endpoint-filter";
import { EndpointTable } from "@/components/deployments/endpoint-table";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { EmptyState } from "@/components/ui/empty-state";
import { GatedLink } from "@/components/ui/gated-link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listEndpoints } from "@/lib/deployments/queries";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Endpoints" };
const COMMAND = "npx proviso endpoint create NAME --use-case SLUG --environment production";

export default async function Endpoints({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const params = await searchParams;
  const filter = pick(params, ["environment"]) as { environment?: "production" };
  const { cursor } = pick(params, ["cursor"]);
  const result = await read(listEndpoints, { ...filter, sort: "worst", ...(cursor && { cursor }) });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  const create = (
    <GatedLink href="/endpoints/new" reason={permissionReason(principal, "endpoint:write")} primary>
      New endpoint
    </GatedLink>
  );
  return (
    <>
      <AutoRefresh everyMs={5000} />
      <PageHeader
        title="Endpoints"
        note="Where models answer, and how the clauses of their contracts stand."
        actions={create}
      />
      <EndpointFilter {...filter} />
      <Panel title="Endpoints" aside="worst clause first">
        {items.length > 0 ? (
          <EndpointTable endpoints={items} />
        ) : (
          <EmptyState title="No endpoint here" command={COMMAND} action={create}>
            An endpoint is the place where a use case is served; a promotion brings a model version to it.
          </EmptyState>
        )}
        <Pagination
          summary={`${items.length} ${items.length === 1 ? "endpoint" : "endpoints"}`}
          firstHref={cursor ? hrefWith("/endpoints", filter) : undefined}
          nextHref={nextCursor ? hrefWith("/endpoints", { ...filter, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
