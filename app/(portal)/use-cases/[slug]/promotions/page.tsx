import { PromotionTable } from "@/components/governance/promotion-table";
import { Refusal } from "@/components/shell/refusal";
import { EmptyState } from "@/components/ui/empty-state";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { listPromotions } from "@/lib/governance/queries/promotions";
import { hrefWith, pick } from "@/lib/query-string";
import { read } from "@/lib/read";

export default async function UseCasePromotions({ params, searchParams }: PageProps<"/use-cases/[slug]/promotions">) {
  const { slug } = await params;
  const { cursor } = pick(await searchParams, ["cursor"]);
  const result = await read(listPromotions, { useCase: slug, ...(cursor && { cursor }) });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  const at = `/use-cases/${slug}/promotions`;
  return (
    <Panel title="Promotions" aside="newest first">
      {items.length > 0 ? (
        <PromotionTable promotions={items} label="Promotions of this use case" />
      ) : (
        <EmptyState
          title="No promotion yet"
          command={'proviso promote --endpoint NAME --model NAME --version N --comment "…"'}
        >
          A promotion asks that a model version serves under the signed contract; two people decide.
        </EmptyState>
      )}
      <Pagination
        summary={`${items.length} ${items.length === 1 ? "promotion" : "promotions"}`}
        firstHref={cursor ? at : undefined}
        nextHref={nextCursor ? hrefWith(at, { cursor: nextCursor }) : undefined}
      />
    </Panel>
  );
}
