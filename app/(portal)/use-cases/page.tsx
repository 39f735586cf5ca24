import type { Metadata } from "next";
import { UseCaseFilter } from "@/components/contracts/use-case-filter";
import { UseCaseTable } from "@/components/contracts/use-case-table";
import { Refusal } from "@/components/shell/refusal";
import { CopyMenu } from "@/components/ui/copy-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { GatedLink } from "@/components/ui/gated-link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listUseCases } from "@/lib/contracts/queries";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Use cases" };

export default async function UseCases({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const { q, cursor } = pick(await searchParams, ["q", "cursor"]);
  const result = await read(listUseCases, { ...(q && { q }), ...(cursor && { cursor }) });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  return (
    <>
      <PageHeader
        title="Use cases"
        note="What predictions are used for, who owns that, and the contract under which they are served."
        actions={
          <>
            <CopyMenu entries={[{ label: "CLI", text: "proviso use-case list" }]} />
            <GatedLink primary href="/use-cases/new" reason={permissionReason(principal, "use_case:write")}>
              New use case
            </GatedLink>
          </>
        }
      />
      <UseCaseFilter q={q} />
      <Panel title="Use cases" aside="by slug">
        {items.length > 0 ? (
          <UseCaseTable useCases={items} />
        ) : (
          <EmptyState
            title={q || cursor ? "No use case fits this filter" : "No use case yet"}
            command={`proviso use-case create my-use-case --purpose "…" --team "…" --owner owner@example.com --cost-centre 0000`}
          >
            A use case comes first: its contract says what is promised, and only what is promised may serve.
          </EmptyState>
        )}
        <Pagination
          summary={`${items.length} ${items.length === 1 ? "use case" : "use cases"}`}
          firstHref={cursor ? hrefWith("/use-cases", { q }) : undefined}
          nextHref={nextCursor ? hrefWith("/use-cases", { q, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
