import type { Metadata } from "next";
import { ModelFilter } from "@/components/registry/model-filter";
import { ModelTable } from "@/components/registry/model-table";
import { RegisterHint } from "@/components/registry/register-hint";
import { Refusal } from "@/components/shell/refusal";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";
import { registerCommand } from "@/lib/registry/push-refusal";
import { listModels } from "@/lib/registry/queries/models";

type Props = { readonly searchParams: Promise<SearchParams> };

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage({ searchParams }: Props) {
  const { q, cursor } = pick(await searchParams, ["q", "cursor"]);
  const result = await read(listModels, { ...(q && { q }), ...(cursor && { cursor }) });
  if (!result.ok) return <Refusal failure={result.error} />;
  const { items, nextCursor } = result.data;
  return (
    <>
      <PageHeader
        title="Models"
        note="What CI registered. A version never changes, and serves only after a promotion."
        actions={<RegisterHint />}
      />
      <ModelFilter q={q} />
      <Panel title="Registered models" aside="by name">
        {items.length > 0 && <ModelTable models={items} />}
        {items.length === 0 &&
          (q ? (
            <EmptyState title="No model fits this filter" action={<LinkButton href="/models">Show all</LinkButton>} />
          ) : (
            <EmptyState title="No model yet" command={registerCommand()}>
              CI registers the first version, and the model with it, from a directory with model.onnx, model.json,
              evaluation.json, dataset.json and reference.parquet.
            </EmptyState>
          ))}
        <Pagination
          summary={`${items.length} ${items.length === 1 ? "model" : "models"}`}
          firstHref={cursor ? hrefWith("/models", { q }) : undefined}
          nextHref={nextCursor ? hrefWith("/models", { q, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
