import { CopyMenu } from "@/components/ui/copy-menu";
import { GatedLink } from "@/components/ui/gated-link";
import { PageHeader } from "@/components/ui/page-header";
import { permissionReason } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/schema";
import type { UseCase } from "@/lib/contracts/schema";
import { hrefWith } from "@/lib/query-string";

type Props = {
  readonly useCase: UseCase;
  readonly principal: Pick<Principal, "roles">;
  /** Where a promotion would go: the production endpoint, else any; null: there is none yet. */
  readonly endpoint: string | null;
};

/** Title, facts in one line, and what can be done with a use case. */
export function UseCaseHeader({ useCase, principal, endpoint }: Props) {
  const { slug, name, purpose, team, owner, costCentre, signedContract } = useCase;
  const next = nextStep(useCase);
  const api = `/api/v1/use-cases/${slug}`;
  const promote =
    permissionReason(principal, "promotion:request") ??
    (signedContract ? null : "Nothing is promoted without a signed contract.") ??
    (endpoint ? null : "There is no endpoint yet: an SRE creates it.");
  return (
    <PageHeader
      crumbs={[{ label: "Use cases", href: "/use-cases" }]}
      title={name}
      note={`${purpose} · ${team} · owned by ${owner} · cost centre ${costCentre}`}
      actions={
        <>
          <CopyMenu
            entries={[
              { label: "curl", text: `curl -H "Authorization: Bearer $PROVISO_TOKEN" "$PROVISO_URL${api}"` },
              { label: "CLI", text: `npx proviso use-case get ${slug}` },
            ]}
          />
          <GatedLink href={next.href} reason={next.drafts ? permissionReason(principal, "contract:draft") : null}>
            {next.label}
          </GatedLink>
          <GatedLink primary href={hrefWith("/promotions/new", { endpoint })} reason={promote}>
            Promote a version
          </GatedLink>
        </>
      }
    />
  );
}

type Step = { readonly href: string; readonly label: string; readonly drafts: boolean };

/** One version is worked on at a time: the button leads to it, or begins the next. */
function nextStep({ slug, latestContract, signedContract }: UseCase): Step {
  const at = `/use-cases/${slug}/contract`;
  if (latestContract?.state === "draft") {
    return { href: `${at}/${latestContract.number}/edit`, label: `Edit draft v${latestContract.number}`, drafts: true };
  }
  if (latestContract?.state === "submitted") {
    return { href: `${at}/${latestContract.number}`, label: `Signatures of v${latestContract.number}`, drafts: false };
  }
  if (signedContract) return { href: `${at}/new?from=amendment`, label: "Amend contract", drafts: true };
  return { href: `${at}/new`, label: "Draft contract", drafts: true };
}
