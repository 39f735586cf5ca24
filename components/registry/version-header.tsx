import { Badge } from "@/components/ui/badge";
import { CopyMenu } from "@/components/ui/copy-menu";
import { GatedLink } from "@/components/ui/gated-link";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/schema";
import { hrefWith } from "@/lib/query-string";
import type { ModelVersionDetail } from "@/lib/registry/schema";
import { precisionWords } from "./precision-words";
import { VersionState } from "./version-state";

type Props = { readonly version: ModelVersionDetail; readonly principal: Pick<Principal, "roles"> };

/** Title, state, and the way to a promotion. */
export function VersionHeader({ version, principal }: Props) {
  const { model, number, state, stateReason, precision, parent } = version;
  const path = `/api/v1/models/${model}/versions/${number}`;
  return (
    <PageHeader
      crumbs={[
        { label: "Models", href: "/models" },
        { label: model, href: `/models/${model}` },
      ]}
      title={`${model} v${number}`}
      state={
        <>
          <VersionState state={state} reason={stateReason} />
          {precision && <Badge>{precisionWords(precision, parent?.number ?? null)}</Badge>}
        </>
      }
      note="Immutable: files, schema, evaluation, data and code as CI registered them."
      actions={
        <>
          <CopyMenu
            entries={[
              { label: "CLI", text: `npx proviso model get ${model} ${number}` },
              { label: "curl", text: `curl -H "Authorization: Bearer $PROVISO_TOKEN" "$PROVISO_URL${path}"` },
            ]}
          />
          {state === "ready" && (
            <GatedLink
              primary
              href={hrefWith("/promotions/new", { model, version: number })}
              reason={permissionReason(principal, "promotion:request")}
            >
              Request promotion
            </GatedLink>
          )}
        </>
      }
    />
  );
}
