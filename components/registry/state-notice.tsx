import { AutoRefresh } from "@/components/ui/auto-refresh";
import { Notice } from "@/components/ui/notice";
import type { ModelVersionDetail } from "@/lib/registry/schema";

/** What a version that is not ready waits for, or why it never will be. */
export function StateNotice({ version }: { readonly version: ModelVersionDetail }) {
  if (version.state === "ready") return null;
  if (version.state === "failed") {
    return (
      <Notice tone="breach" title="The verification failed: this version cannot serve" className="mb-4">
        {version.stateReason} A version never changes: register a corrected one.
      </Notice>
    );
  }
  return (
    <Notice title="Being verified" className="mb-4">
      <AutoRefresh everyMs={2000} />
      The worker opens the files in a limited process, compares them with model.json and scores a row of the reference
      sample. This page follows it.
    </Notice>
  );
}
