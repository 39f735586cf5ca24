import { ClauseState } from "@/components/ui/clause-state";
import { Panel, PanelBody } from "@/components/ui/panel";
import type { ContractDocument } from "@/lib/contracts/document";
import type { Feasibility } from "@/lib/serving/alternatives";
import type { LoadCurve } from "@/lib/serving/load-curve";
import { AlternativesList } from "./alternatives-list";
import { LoadCurveChart } from "./load-curve-chart";
import { MarginsTable, VERDICT } from "./margins-table";

type Props = {
  readonly feasibility: Feasibility;
  readonly curve: LoadCurve;
  readonly document: ContractDocument;
  /** Whose curve it is, and when it was measured. */
  readonly source: React.ReactNode;
};

/** Whether what is promised can be kept, by the measured curve: verdict, drawing, margins, and what could be promised instead. */
export function FeasibilityPanel({ feasibility, curve, document, source }: Props) {
  const { verdict, words, clauses, alternatives, priceNote } = feasibility;
  return (
    <Panel title="Feasibility" aside={<ClauseState {...VERDICT[verdict]} />}>
      <PanelBody className="grid gap-1">
        <p className="max-w-prose">{words}</p>
        <p className="text-sm text-muted">{source}</p>
      </PanelBody>
      <div className="border-t">
        <LoadCurveChart curve={curve} document={document} />
      </div>
      {clauses.length > 0 && (
        <div className="border-t">
          <MarginsTable margins={clauses} document={document} curve={curve} />
        </div>
      )}
      {alternatives.length > 0 && (
        <div className="border-t">
          <h3 className="border-b px-4 py-2 text-sm font-medium text-muted">What could be promised instead</h3>
          <AlternativesList alternatives={alternatives} priceNote={priceNote} />
        </div>
      )}
    </Panel>
  );
}
