import type { Metadata } from "next";
import { RegisterHint } from "@/components/registry/register-hint";
import { VersionFilter } from "@/components/registry/version-filter";
import { VersionTable } from "@/components/registry/version-table";
import { Refusal } from "@/components/shell/refusal";
import { CopyMenu } from "@/components/ui/copy-menu";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Panel } from "@/components/ui/panel";
import { hrefWith, pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";
import { getModel } from "@/lib/registry/queries/models";
import { listVersions } from "@/lib/registry/queries/versions";
import { VERSION_STATES } from "@/lib/registry/schema";

type Props = { readonly params: Promise<{ name: string }>; readonly searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function ModelPage({ params, searchParams }: Props) {
  const { name } = await params;
  const { cursor, state: asked } = pick(await searchParams, ["cursor", "state"]);
  const state = VERSION_STATES.find((each) => each === asked);
  const model = await read(getModel, { name });
  if (!model.ok) return <Refusal failure={model.error} />;
  const versions = await read(listVersions, { name, ...(state && { state }), ...(cursor && { cursor }) });
  if (!versions.ok) return <Refusal failure={versions.error} />;
  const { items, nextCursor } = versions.data;
  const path = `/models/${name}`;
  const count = `${model.data.versions} ${model.data.versions === 1 ? "version" : "versions"}`;
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Models", href: "/models" }]}
        title={name}
        note={model.data.description || `${count}, first registered by ${model.data.createdBy}`}
        actions={
          <>
            <CopyMenu entries={[{ label: "CLI", text: `npx proviso model get ${name}` }]} />
            <RegisterHint model={name} />
          </>
        }
      />
      <Panel title="Versions" aside={<VersionFilter path={path} state={state} />}>
        {items.length > 0 ? (
          <VersionTable model={name} versions={items} />
        ) : (
          <EmptyState title="No version is in this state" />
        )}
        <Pagination
          summary={`${items.length} of ${count}`}
          firstHref={cursor ? hrefWith(path, { state }) : undefined}
          nextHref={nextCursor ? hrefWith(path, { state, cursor: nextCursor }) : undefined}
        />
      </Panel>
    </>
  );
}
