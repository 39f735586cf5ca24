import { ContractFeasibilityPanels } from "@/components/serving/contract-feasibility";
import { CopyMenu } from "@/components/ui/copy-menu";
import { GatedLink } from "@/components/ui/gated-link";
import { Stack, WithAside } from "@/components/ui/layout";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { permissionReason } from "@/lib/auth/permissions";
import type { Principal } from "@/lib/auth/schema";
import type { ContractSummary, ContractView } from "@/lib/governance/contract-view";
import type { ContractFeasibility } from "@/lib/governance/evidence-run";
import type { Cannot } from "@/lib/serving/schema";
import { ContractClauses } from "./contract-clauses";
import { ContractFailure } from "./contract-failure";
import { ContractInterface } from "./contract-interface";
import { ContractRollout } from "./contract-rollout";
import { ContractServing } from "./contract-serving";
import { ContractStanding } from "./contract-standing";
import { ContractVersions } from "./contract-versions";
import { SignPanel } from "./sign-panel";
import { SignaturesPanel } from "./signatures-panel";
import { SubmitPanel } from "./submit-panel";
import { WithdrawButton } from "./withdraw-button";

type Props = {
  readonly contract: ContractView;
  readonly versions: readonly ContractSummary[];
  /** What the serving target cannot do: in the way of submitting. */
  readonly cannot: readonly Cannot[];
  /** What measured load curves say of it; null: it cannot be told. */
  readonly feasibility: ContractFeasibility | null;
  readonly principal: Pick<Principal, "roles">;
};

/** One version: the document at the left, what can be done about it at the right. */
export function ContractPage({ contract, versions, cannot, feasibility, principal }: Props) {
  const { document, state, digest, useCase: slug, number: n } = contract;
  const problems = [
    ...contract.problems.map(({ path, message }) => `${path}: ${message}`),
    ...cannot.map(({ clause, reason, fix }) => `${clause}: ${reason}; ${fix}`),
  ];
  return (
    <>
      <ContractBar contract={contract} principal={principal} />
      <StandingNotice contract={contract} versions={versions} />
      <WithAside
        aside={
          <Stack>
            {state === "draft" && (
              <SubmitPanel
                slug={slug}
                n={n}
                revision={contract.revision}
                document={document}
                problems={problems}
                reason={permissionReason(principal, "contract:submit")}
              />
            )}
            {state !== "draft" && <SignaturesPanel contract={contract} />}
            {state === "submitted" && digest && <SignPanel contract={{ ...contract, digest }} />}
            <ContractVersions versions={versions} current={n} href={`/use-cases/${slug}/contract/{n}`} />
          </Stack>
        }
      >
        <Panel title="Purpose">
          <PanelBody className="max-w-prose whitespace-pre-wrap wrap-anywhere">{document.purpose}</PanelBody>
        </Panel>
        <ContractClauses clauses={document.clauses} />
        {feasibility && <ContractFeasibilityPanels found={feasibility} document={document} />}
        <ContractInterface document={document} />
        <ContractServing serving={document.serving} />
        <ContractFailure failureMode={document.failureMode} />
        <ContractRollout rollout={document.rollout} />
      </WithAside>
    </>
  );
}

function ContractBar({ contract, principal }: Pick<Props, "contract" | "principal">) {
  const { document, state, standing, useCase: slug, number: n, updatedAt, updatedBy, revision, signatures } = contract;
  const at = `/use-cases/${slug}`;
  const drafts = permissionReason(principal, "contract:draft");
  const path = `/api/v1/use-cases/${slug}/contracts/${n}`;
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h2 className="text-lg font-semibold">Contract v{n}</h2>
        <ContractStanding standing={standing} signed={signatures.length} />
        <span className="text-sm text-muted">
          {state === "draft" && `revision ${revision}, `}changed <RelativeTime at={updatedAt} /> by {updatedBy}
        </span>
      </div>
      <div className="flex flex-wrap gap-2">
        <CopyMenu
          entries={[
            { label: "JSON", text: JSON.stringify(document, null, 2) },
            { label: "CLI", text: `npx proviso contract get ${slug} ${n}` },
            { label: "curl", text: `curl -H "Authorization: Bearer $PROVISO_TOKEN" "$PROVISO_URL${path}"` },
          ]}
        />
        <LinkButton href={`${at}/plan?version=${n}`}>Plan</LinkButton>
        {(state === "draft" || state === "submitted") && (
          <WithdrawButton
            slug={slug}
            n={n}
            signatures={signatures.length}
            reason={permissionReason(principal, "contract:submit")}
          />
        )}
        {state === "draft" && (
          <GatedLink href={`${at}/contract/${n}/edit`} reason={drafts}>
            Edit
          </GatedLink>
        )}
        {state === "withdrawn" && (
          <GatedLink href={`${at}/contract/new?from=copy&of=${n}`} reason={drafts}>
            Begin a copy
          </GatedLink>
        )}
      </div>
    </div>
  );
}

function StandingNotice({ contract, versions }: Pick<Props, "contract" | "versions">) {
  if (contract.standing !== "signed") return null;
  const governing = versions.find(({ standing }) => standing === "in_force");
  return (
    <Notice className="mb-4" title="Signed, not in force">
      {governing
        ? `v${governing.number} governs until a model version is promoted under this one; the same model version may be.`
        : "It comes into force when a model version is promoted under it."}
    </Notice>
  );
}
