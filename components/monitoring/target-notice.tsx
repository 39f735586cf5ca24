import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Endpoint } from "@/lib/deployments/schema";

/** Says so where the target does not do what is wanted, or has not been heard of. */
export function TargetNotice({ endpoint }: { readonly endpoint: Endpoint }) {
  const { observed, serving, settled } = endpoint;
  if (observed.refused) {
    return (
      <Notice tone="breach" title={`Revision ${observed.refused.revision} was refused by the target`} className="mb-4">
        {observed.refused.reason}
      </Notice>
    );
  }
  if (observed.state === "failed" || observed.state === "stopped") {
    return (
      <Notice tone="breach" title={`The endpoint is ${observed.state}`} className="mb-4">
        {observed.reason ?? "The target gave no reason."}
      </Notice>
    );
  }
  if (!serving) {
    return (
      <Notice title="Nothing serves here yet" className="mb-4">
        Sign a contract for the use case and promote a model version to this endpoint.
      </Notice>
    );
  }
  if (settled) return null;
  return (
    <Notice tone="risk" title="The target does not yet do what is wanted" className="mb-4">
      Wanted: {serving.revision}; it answers with {observed.serving ?? "nothing"}
      {observed.at && (
        <>
          , as of <RelativeTime at={observed.at} />
        </>
      )}
      .
    </Notice>
  );
}
