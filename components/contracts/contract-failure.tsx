import { Panel, PanelRow } from "@/components/ui/panel";
import type { ContractDocument } from "@/lib/contracts/document";
import { failureLines } from "@/lib/contracts/failure-words";

/** What callers get when the model cannot answer, a line for each part. */
export function ContractFailure({ failureMode }: { readonly failureMode: ContractDocument["failureMode"] }) {
  const lines = failureLines(failureMode ? { failureMode } : {});
  return (
    <Panel title="Failure mode" aside={failureMode ? "drilled before a promotion" : "not stated: this is what happens"}>
      {lines.map(({ part, name, words }) => (
        <PanelRow key={part} value={<span className="block max-w-96 text-fg">{words}</span>}>
          {name}
        </PanelRow>
      ))}
    </Panel>
  );
}
