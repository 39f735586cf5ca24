import { Panel, PanelRow } from "@/components/ui/panel";
import type { ContractDocument } from "@/lib/contracts/document";
import { gpuWords, replicaWords, TARGET_WORDS, TIER_WORDS } from "@/lib/contracts/placement-words";
import { formatCount, formatDuration } from "@/lib/format";

/** Where it serves, what it gets there, and what a request may be. */
export function ContractServing({ serving }: Pick<ContractDocument, "serving">) {
  const { target, tier, maxRows, deadlineMs, placement } = serving;
  return (
    <Panel title="Serving">
      <PanelRow value={`${TARGET_WORDS[target]}, ${TIER_WORDS[tier]}`}>Target and tier</PanelRow>
      {target === "kubernetes" && (
        <>
          <PanelRow value={replicaWords(serving)} sub={placement ? undefined : "not stated: this is usual"}>
            Replicas
          </PanelRow>
          {(tier === "gpu" || placement?.gpu) && (
            <PanelRow value={gpuWords(placement?.gpu ?? null)}>GPU of a replica</PanelRow>
          )}
        </>
      )}
      <PanelRow value={<span className="num">{formatCount(maxRows)}</span>}>Rows per request, at most</PanelRow>
      <PanelRow
        value={<span className="num">{deadlineMs === null ? "none" : formatDuration(deadlineMs)}</span>}
        sub="later than this the caller gets a timeout"
      >
        Deadline
      </PanelRow>
    </Panel>
  );
}
