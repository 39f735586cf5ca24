import { HistoryTable } from "@/components/contracts/history-table";
import { Refusal } from "@/components/shell/refusal";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { listUseCaseHistory } from "@/lib/governance/queries/use-case-history";
import { hrefWith, pick } from "@/lib/query-string";
import { read } from "@/lib/read";

export default async function History({ params, searchParams }: PageProps<"/use-cases/[slug]/history">) {
  const { slug } = await params;
  const { cursor } = pick(await searchParams, ["cursor"]);
  const result = await read(listUseCaseHistory, { slug, ...(cursor && { cursor }) });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  const at = `/use-cases/${slug}/history`;
  return (
    <Panel title="History" aside="newest first; the audit log has every detail">
      <HistoryTable events={items} />
      <Pagination
        summary={`${items.length} ${items.length === 1 ? "step" : "steps"}`}
        firstHref={cursor ? at : undefined}
        nextHref={nextCursor ? hrefWith(at, { cursor: nextCursor }) : undefined}
      />
    </Panel>
  );
}
