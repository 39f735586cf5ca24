import { Panel, PanelRow } from "@/components/ui/panel";
import type { ContractDocument } from "@/lib/contracts/document";
import { formatCount, formatDuration } from "@/lib/format";

const TARGETS = { local: "local runtime", kubernetes: "Kubernetes" } as const;

/** Where it serves and what a request may be. */
export function ContractServing({ serving }: Pick<ContractDocument, "serving">) {
  const { target, tier, maxRows, deadlineMs } = serving;
  return (
    <Panel title="Serving">
      <PanelRow value={`${TARGETS[target]}, ${tier}`}>Target and tier</PanelRow>
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
