import { ChevronRight } from "lucide-react";
import { Diff } from "@/components/ui/diff";
import { Panel, PanelBody } from "@/components/ui/panel";
import type { ClauseChanges, Promotion } from "@/lib/governance/schema";
import { linesOf, splitChanges } from "./setting-lines";

type Props = {
  readonly incumbent: Promotion["incumbent"];
  readonly changes: readonly ClauseChanges[];
  readonly environment: string;
  /** Contract of the promotion. */
  readonly contract: number;
};

/** More lines than this are folded behind what is served. */
const MOST_LINES = 40;

/** The difference of the compiled settings against what serves, each line with the clause that asks for it. */
export function ChangesPanel({ incumbent, changes, environment, contract }: Props) {
  const { shown, folded } = splitChanges(changes, MOST_LINES);
  const lines = linesOf(folded);
  return (
    <Panel title={`What changes in ${environment}`} aside={against(incumbent, contract)}>
      {shown.length > 0 && <Diff label="Difference of the compiled settings" lines={linesOf(shown)} />}
      {changes.length === 0 && <PanelBody className="text-muted">No compiled setting differs.</PanelBody>}
      {folded.length > 0 && (
        <details className="group border-t">
          <summary className="flex cursor-pointer list-none items-center gap-1.5 px-4 py-2.5 text-sm text-muted hover:text-fg">
            <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
            {lines.length} more lines from {folded.length} clauses and sections
          </summary>
          <Diff label="The other compiled settings" lines={lines} />
        </details>
      )}
    </Panel>
  );
}

function against(incumbent: Props["incumbent"], contract: number): string {
  if (!incumbent) return "nothing serves there yet: every setting is new";
  const under = incumbent.contract === contract ? "under the same contract" : `under contract v${incumbent.contract}`;
  return `against ${incumbent.revision}: ${incumbent.model} v${incumbent.version} ${under}`;
}
