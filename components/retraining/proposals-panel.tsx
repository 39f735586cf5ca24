import { Badge } from "@/components/ui/badge";
import { Panel, PanelBody } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { RetrainingProposal } from "@/lib/retraining/schema";
import { CloseProposal } from "./close-proposal";

type Props = {
  readonly proposals: readonly RetrainingProposal[];
  /** Why this person may not close one; null: they may. */
  readonly refusal: string | null;
};

/** Wishes for a new version: what the ledger said, from which days to learn, and what came of it. */
export function ProposalsPanel({ proposals, refusal }: Props) {
  return (
    <Panel title="Retraining proposals">
      <PanelBody>
        {proposals.length === 0 ? (
          <p className="text-muted">None yet. One is proposed from the reasons of a clause above.</p>
        ) : (
          <ul className="grid gap-4">
            {proposals.map((proposal) => (
              <li key={proposal.id} className="grid gap-1">
                <div className="flex flex-wrap items-center gap-2">
                  <span className="font-mono">{proposal.clause}</span>
                  <Badge>{proposal.state}</Badge>
                  <span className="text-muted">
                    {proposal.proposedBy}, <RelativeTime at={proposal.proposedAt} />
                  </span>
                  {proposal.state === "open" && <CloseProposal proposal={proposal} refusal={refusal} />}
                </div>
                <p>{proposal.reason}</p>
                <p className="text-sm text-muted">
                  Learn from {proposal.from.slice(0, 10)} up to {proposal.to.slice(0, 10)}. The ledger said:{" "}
                  {proposal.clauseSays.reason}.
                </p>
                {proposal.outcome && <p className="text-sm">Outcome: {proposal.outcome}</p>}
              </li>
            ))}
          </ul>
        )}
      </PanelBody>
    </Panel>
  );
}
