import { CopyMenu } from "@/components/ui/copy-menu";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { hrefWith } from "@/lib/query-string";
import type { ModelVersionDetail } from "@/lib/registry/schema";
import { VersionState } from "./version-state";

/** Title, state, and the way to a promotion. */
export function VersionHeader({ version }: { readonly version: ModelVersionDetail }) {
  const { model, number, state, stateReason } = version;
  const path = `/api/v1/models/${model}/versions/${number}`;
  return (
    <PageHeader
      crumbs={[
        { label: "Models", href: "/models" },
        { label: model, href: `/models/${model}` },
      ]}
      title={`${model} v${number}`}
      state={<VersionState state={state} reason={stateReason} />}
      note="Immutable: files, schema, evaluation, data and code as CI registered them."
      actions={
        <>
          <CopyMenu
            entries={[
              { label: "CLI", text: `proviso model get ${model} ${number}` },
              { label: "curl", text: `curl -H "Authorization: Bearer $PROVISO_TOKEN" "$PROVISO_URL${path}"` },
            ]}
          />
          {state === "ready" && (
            <LinkButton variant="primary" href={hrefWith("/promotions/new", { model, version: number })}>
              Request promotion
            </LinkButton>
          )}
        </>
      }
    />
  );
}
