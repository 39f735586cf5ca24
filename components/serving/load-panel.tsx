"use client";

import { EmptyState } from "@/components/ui/empty-state";
import { Panel } from "@/components/ui/panel";
import type { VersionEvidence } from "@/lib/governance/evidence-run";
import type { FittingContract } from "@/lib/governance/fitting-contract";
import { marginsOf } from "@/lib/serving/feasibility";
import { runCommand } from "./evidence-commands";
import { LoadCurveChart } from "./load-curve-chart";
import { LoadCurveFacts } from "./load-curve-facts";
import { MarginsTable } from "./margins-table";
import { RunButton } from "./run-button";
import { RunList } from "./run-list";
import { shownRuns } from "./run-words";

type Props = {
  readonly model: string;
  readonly version: number;
  readonly evidence: VersionEvidence;
  /** Whose promises are held against the curve; null: none fits. */
  readonly contract: FittingContract | null;
  /** Why this person may not run one; null: they may. */
  readonly reason: string | null;
};

/** The newest measured curve of a version (else an attested one), held against a contract; how to get one where there is none. */
export function LoadPanel({ model, version, evidence, contract, reason }: Props) {
  const measured = evidence.curves.find(({ curve }) => curve.kind === "measured");
  const attested = evidence.curves.filter(({ curve }) => curve.kind === "attested");
  const shown = measured ?? attested[0];
  const others = attested.filter((each) => each !== shown).slice(0, 3);
  const order = contract && {
    kind: "load" as const,
    model,
    version,
    useCase: contract.useCase,
    contract: contract.number,
  };
  const button = (
    <RunButton order={order} reason={reason} primary={!shown}>
      {measured ? "Measure again" : `Measure load${contract ? ` under contract v${contract.number}` : ""}`}
    </RunButton>
  );
  return (
    <Panel title="Load curve" id="load-curve" aside={shown && button}>
      <RunList runs={shownRuns(evidence.runs, "load")} reason={reason} />
      {shown ? (
        <>
          <LoadCurveChart
            curve={shown.curve}
            document={contract?.document ?? null}
            others={others.map(({ curve }) => curve)}
          />
          {contract && (
            <div className="border-t">
              <MarginsTable
                margins={marginsOf(contract.document, shown.curve)}
                document={contract.document}
                curve={shown.curve}
              />
            </div>
          )}
          <LoadCurveFacts curve={shown.curve} digest={shown.digest} />
        </>
      ) : (
        <EmptyState title="No load was measured" action={button} {...(order && { command: runCommand("load", order) })}>
          The portal loads a copy of the version, never the live endpoint, at rising rates until it no longer keeps up:
          what latency can be promised at what rate.
        </EmptyState>
      )}
    </Panel>
  );
}
