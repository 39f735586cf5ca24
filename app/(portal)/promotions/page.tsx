import type { Metadata } from "next";
import { PromotionTable } from "@/components/governance/promotion-table";
import { PromotionTabs } from "@/components/governance/promotion-tabs";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { EmptyState } from "@/components/ui/empty-state";
import { GatedLink } from "@/components/ui/gated-link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listMyDecisions, listPromotions } from "@/lib/governance/queries/promotions";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";

export const metadata: Metadata = { title: "Promotions" };
const COMMAND = 'npx proviso promote --endpoint NAME --model MODEL --version N --comment "Why"';

export default async function Promotions({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const principal = await requirePrincipal();
  const params = await searchParams;
  const filter = pick(params, ["state", "endpoint"]) as { state?: "open"; endpoint?: string };
  const { cursor } = pick(params, ["cursor"]);
  const result = await read(listPromotions, { ...filter, ...(cursor && { cursor }) });
  const mine = await read(listMyDecisions, { limit: 20 });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  const ask = permissionReason(principal, "promotion:request");
  const request = (
    <GatedLink href="/promotions/new" reason={ask} primary>
      Request promotion
    </GatedLink>
  );
  return (
    <>
      <AutoRefresh everyMs={10_000} />
      <PageHeader
        title="Promotions"
        note="A model version comes to serve through a gate and two people who asked for nothing."
        actions={request}
      />
      {mine.ok && mine.data.length > 0 && (
        <Panel title="Waits for your decision" aside="oldest first" className="mb-4">
          <PromotionTable label="Promotions that wait for you" promotions={mine.data} />
        </Panel>
      )}
      <PromotionTabs {...filter} />
      <Panel title={filter.endpoint ? `On ${filter.endpoint}` : "All endpoints"} aside="newest first">
        {items.length > 0 ? (
          <PromotionTable label="Promotions" promotions={items} />
        ) : (
          <EmptyState title="No promotion here" command={COMMAND} action={request}>
            It needs a signed contract, an endpoint of its use case, and a version that is ready.
          </EmptyState>
        )}
        <Pagination
          summary={`${items.length} ${items.length === 1 ? "promotion" : "promotions"}`}
          firstHref={cursor ? hrefWith("/promotions", filter) : undefined}
          nextHref={nextCursor ? hrefWith("/promotions", { ...filter, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
