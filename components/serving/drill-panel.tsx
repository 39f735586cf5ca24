"use client";

import { ClauseState } from "@/components/ui/clause-state";
import { Digest } from "@/components/ui/digest";
import { EmptyState } from "@/components/ui/empty-state";
import { Panel } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatDuration } from "@/lib/format";
import type { VersionEvidence } from "@/lib/governance/evidence-run";
import { DrillTable } from "./drill-table";
import { drillSummary } from "./drill-words";
import { runCommand } from "./evidence-commands";
import { hardwareWords, MeasuredFacts } from "./load-curve-facts";
import { RunButton, type RunOrder } from "./run-button";
import { RunList } from "./run-list";
import { shownRuns } from "./run-words";

type Props = {
  readonly evidence: VersionEvidence;
  /** What a drill would be made of; null: there is no contract that could be drilled. */
  readonly order: Omit<RunOrder, "kind"> | null;
  readonly reason: string | null;
};

/** The last drill of a version: whether each fault went as the contract declares. */
export function DrillPanel({ evidence, order, reason }: Props) {
  const last = evidence.drills[0];
  const button = (
    <RunButton order={order && { ...order, kind: "drill" }} reason={reason} primary={!last}>
      Drill a copy
    </RunButton>
  );
  return (
    <Panel
      title={
        <span className="flex flex-wrap items-center gap-2">
          Drill
          {last && (
            <>
              <ClauseState
                state={last.drill.passed ? "met" : "breached"}
                word={last.drill.passed ? "Passed" : "Failed"}
              />
              <span className="text-sm font-normal text-muted">
                {drillSummary(last.drill)}, <RelativeTime at={last.drill.endedAt} />
              </span>
            </>
          )}
        </span>
      }
      id="drill"
      aside={last && button}
    >
      <RunList runs={shownRuns(evidence.runs, "drill")} reason={reason} />
      {last ? (
        <>
          <DrillTable report={last.drill} />
          <MeasuredFacts
            facts={[
              ["Hardware", hardwareWords(last.drill.hardware)],
              [
                "Took",
                `${formatDuration(Date.parse(last.drill.endedAt) - Date.parse(last.drill.startedAt))}, on a copy`,
              ],
              ["Evidence", <Digest key="digest" value={last.digest} />],
            ]}
          />
        </>
      ) : (
        <EmptyState title="Never drilled" action={button} {...(order && { command: runCommand("drill", order) })}>
          A drill breaks a copy of the revision on purpose (it dies, hangs, is slow, answers nonsense) while traffic
          runs, and holds what callers get against the failure mode in the contract. Nothing live is touched.
        </EmptyState>
      )}
    </Panel>
  );
}
