import { Notice } from "@/components/ui/notice";
import type { Promotion } from "@/lib/governance/schema";

/** What a promotion is waiting for, or how it ended; nothing while it is in review for the first time. */
export function OutcomeNotice({ promotion }: { readonly promotion: Promotion }) {
  const { state, stateReason, revision, endpoint } = promotion;
  if (state === "in_review") {
    return stateReason ? (
      <Notice tone="risk" title="Back in review" className="mb-4">
        {stateReason}
      </Notice>
    ) : null;
  }
  if (state === "approved") {
    return (
      <Notice title="Approved by both slots" className="mb-4">
        The worker applies it: the gate is evaluated once more then.
      </Notice>
    );
  }
  if (state === "applying") {
    return (
      <Notice title={`Revision ${revision} is being loaded`} className="mb-4">
        What serves on {endpoint} goes on answering until the new revision is warm.
      </Notice>
    );
  }
  // What its rollout waits for, or what ended it, stands there.
  if (state === "rolling_out") {
    return <Notice title={`Revision ${revision} takes over step by step on ${endpoint}`} className="mb-4" />;
  }
  if (state === "rolled_back") {
    return (
      <Notice tone="breach" title="Rolled back; what served before serves on" className="mb-4">
        {stateReason}
      </Notice>
    );
  }
  if (state === "active") return <Notice tone="met" title={`Serves as ${revision}`} className="mb-4" />;
  if (state === "failed") {
    return (
      <Notice tone="breach" title="The target refused it; what served before serves on" className="mb-4">
        {stateReason}
      </Notice>
    );
  }
  if (state === "rejected") return <Notice tone="breach" title="Rejected: this is final" className="mb-4" />;
  const title = state === "withdrawn" ? "Withdrawn" : "Superseded";
  return (
    <Notice title={title} className="mb-4">
      {stateReason}
    </Notice>
  );
}
