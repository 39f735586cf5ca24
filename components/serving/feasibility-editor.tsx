"use client";

import { Button } from "@/components/ui/button";
import { ClauseState } from "@/components/ui/clause-state";
import { Panel, PanelBody } from "@/components/ui/panel";
import { type Alternative, feasibilityOf } from "@/lib/serving/alternatives";
import { AlternativesList } from "./alternatives-list";
import { useFeasibility } from "./feasibility-context";
import { LoadCurveChart } from "./load-curve-chart";
import { VERDICT } from "./margins-table";

type Props = {
  /** Puts other targets, in the units of the document, into the form. */
  readonly onTake: (changes: Alternative["changes"]) => void;
};

/** Beside the fields: the typed promises in the plane of the measured curve, and what could be promised instead. */
export function FeasibilityEditor({ onTake }: Props) {
  const judged = useFeasibility();
  if (!judged) return null;
  const { document, curves } = judged;
  const found = curves.map((each) => ({ ...each, ...feasibilityOf(document, each.curve, null) }));
  const worst = found.find(({ verdict }) => verdict === "infeasible") ?? found[0];
  if (!worst) return null;
  const { name, curve, verdict, words, alternatives } = worst;
  return (
    <Panel title="Feasibility" aside={<ClauseState {...VERDICT[verdict]} />}>
      <PanelBody>
        <p className="text-sm">{words}</p>
        <p className="mt-1 text-xs text-muted">By the load curve of {name}, as it is typed.</p>
      </PanelBody>
      <div className="border-t">
        <LoadCurveChart curve={curve} document={document} height={190} />
      </div>
      {alternatives.length > 0 && (
        <div className="border-t">
          <AlternativesList
            alternatives={alternatives}
            priceNote={null}
            action={({ changes, title }) => (
              <Button size="sm" aria-label={`Take: ${title}`} onClick={() => onTake(changes)}>
                Take
              </Button>
            )}
          />
        </div>
      )}
    </Panel>
  );
}
