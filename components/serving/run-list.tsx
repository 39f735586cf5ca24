"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { ClauseState } from "@/components/ui/clause-state";
import { FormError } from "@/components/ui/form-error";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Failure } from "@/lib/errors";
import { cancelEvidenceRunAction } from "@/lib/governance/actions";
import type { EvidenceRun } from "@/lib/governance/evidence-run";
import { evidenceQuery } from "@/lib/governance/query-options";
import { RunButton } from "./run-button";
import { isOpen, progressShare, progressWords, RUN_LOOK, RUN_NAMES, tookWords } from "./run-words";

type Props = {
  readonly runs: readonly EvidenceRun[];
  /** Why this person may neither run nor cancel; null: they may. */
  readonly reason: string | null;
};

/** Measurements that run now, and the last that ended without evidence: where each is, or why it failed. */
export function RunList({ runs, reason }: Props) {
  if (runs.length === 0) return null;
  return (
    <ul aria-label="Measurements" className="border-b">
      {runs.map((run) => (
        <li key={run.id} className="grid gap-1.5 border-b px-4 py-2.5 last:border-b-0">
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <ClauseState {...RUN_LOOK[run.state]} />
              <span className="font-medium">{RUN_NAMES[run.kind]}</span>
              <span className="text-sm text-muted">
                under {run.useCase} v{run.contract}, asked for by {run.requestedBy}, <RelativeTime at={run.createdAt} />
                {tookWords(run) && `, ${tookWords(run)}`}
              </span>
            </span>
            {isOpen(run) ? (
              reason === null && <CancelButton run={run} />
            ) : (
              <RunButton order={run} reason={reason}>
                Run again
              </RunButton>
            )}
          </div>
          {isOpen(run) ? <Progress run={run} /> : run.reason && <p className="text-sm text-breach">{run.reason}</p>}
        </li>
      ))}
    </ul>
  );
}

function Progress({ run }: { readonly run: EvidenceRun }) {
  const words = progressWords(run);
  return (
    <div role="status">
      <p className="text-sm text-muted tabular-nums">{words}</p>
      <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-unproven-soft">
        <div
          className="h-full bg-accent transition-[width] duration-500"
          style={{ width: `${Math.max(2, 100 * progressShare(run))}%` }}
        />
      </div>
    </div>
  );
}

function CancelButton({ run: { id, model, version } }: { readonly run: EvidenceRun }) {
  const client = useQueryClient();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  const cancel = () =>
    start(async () => {
      const result = await cancelEvidenceRunAction({ id });
      setFailure(result.ok ? undefined : result.error);
      await client.invalidateQueries({ queryKey: evidenceQuery(model, version).queryKey });
    });
  return (
    <span className="grid justify-items-end gap-2">
      <Button size="sm" pending={pending} onClick={cancel}>
        Cancel
      </Button>
      <FormError error={failure} />
    </span>
  );
}
