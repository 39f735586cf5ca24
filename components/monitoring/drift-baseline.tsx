import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatCount, formatDate, formatNumber } from "@/lib/format";
import type { BaselineProposal, BaselineView, EndpointDrift } from "@/lib/monitoring/drift-view";

type Props = {
  readonly drift: Pick<EndpointDrift, "baseline" | "proposals" | "test" | "version">;
  /** Proposes the present window as the new reference. */
  readonly propose: ReactNode;
  /** Decides on a proposal. */
  readonly decide: (proposal: BaselineProposal) => ReactNode;
};

/** What the window is compared with, how it is tested, and what is proposed in its place. */
export function DriftBaseline({ drift: { baseline, proposals, test, version }, propose, decide }: Props) {
  return (
    <Panel title="Reference" aside={propose}>
      {baseline ? (
        <BaselineRows baseline={baseline} />
      ) : (
        <EmptyState
          title="No reference yet"
          command={`npx proviso register --model ${version?.model ?? "NAME"} --dir DIR --evaluation-sample FILE`}
        >
          It is made once from the reference sample that a version is registered with; an evaluation sample adds how
          much each feature matters.
        </EmptyState>
      )}
      <TestRow test={test} />
      {proposals.map((proposal) => (
        <PanelRow
          key={proposal.id}
          sub={
            <>
              {proposal.proposedBy}, <RelativeTime at={proposal.proposedAt} />: {proposal.reason}
            </>
          }
          value={decide(proposal)}
        >
          Proposed: {period(proposal)}, {formatCount(proposal.n)} rows
        </PanelRow>
      ))}
    </Panel>
  );
}

function BaselineRows({ baseline }: { readonly baseline: BaselineView }) {
  const { kind, version, acceptedBy, reason, weeks, n, calibrated, importance } = baseline;
  return (
    <>
      <PanelRow
        sub={kind === "version" ? "frozen with the version" : (reason ?? "accepted for this endpoint")}
        value={<span className="num">{period(baseline)}</span>}
      >
        {kind === "version" ? `Training period of v${version}` : `Accepted by ${acceptedBy ?? "nobody on record"}`}
      </PanelRow>
      <PanelRow sub="their own variation teaches the limits" value={<span className="num">{weeks}</span>}>
        Whole weeks in it
      </PanelRow>
      <PanelRow value={<span className="num">{formatCount(n)}</span>}>Rows in it</PanelRow>
      <PanelRow sub={calibrated && importance ? undefined : "needs a labelled evaluation sample"}>
        {calibrated ? "Estimates performance without labels" : "Cannot estimate performance"},{" "}
        {importance ? "knows how much each feature matters" : "does not know how much a feature matters"}
      </PanelRow>
    </>
  );
}

function TestRow({ test }: { readonly test: EndpointDrift["test"] }) {
  const { learned, floor, factor, correction, signed, alpha } = test;
  const limits = learned
    ? `limit: the larger of ${formatNumber(floor)} and ${formatNumber(factor)} × the largest weekly effect inside the reference`
    : "limits as the contract gives them, feature by feature";
  return (
    <PanelRow sub={limits}>
      {signed ? "Tested as the contract says" : "Tested by default: the contract has no clause on drifted features"}:
      level {formatNumber(alpha)}, {correction === "bonferroni" ? "Bonferroni" : "Benjamini-Hochberg"}
    </PanelRow>
  );
}

/** "1 Jan 2001 to 28 Feb 2001" */
export function period({ from, to }: { readonly from: string; readonly to: string }): string {
  return `${formatDate(Date.parse(from))} to ${formatDate(Date.parse(to) - 1)}`;
}

/** First and last day of a half-open range, as a form holds them. */
export function daysOf({ from, to }: { readonly from: string; readonly to: string }) {
  return { from: from.slice(0, 10), to: new Date(Date.parse(to) - 1).toISOString().slice(0, 10) };
}
