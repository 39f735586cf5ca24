import type { BaselinePayload } from "@/lib/monitoring/baseline";
import type { BaselineProposal, BaselineView } from "@/lib/monitoring/drift-view";
import { calibrated, estimateRows } from "@/lib/monitoring/estimated-performance";
import { performanceOf } from "@/lib/monitoring/quality-windows";

export type BaselineRow = {
  readonly id: number;
  readonly endpointId: string | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly modelVersion: { readonly number: number };
};

export function baselineView(row: BaselineRow, payload: BaselinePayload): BaselineView {
  return {
    id: row.id,
    kind: row.endpointId === null ? "version" : "accepted",
    version: row.modelVersion.number,
    from: payload.from,
    to: payload.to,
    n: payload.n,
    weeks: Math.max(0, ...payload.columns.map(({ weeks }) => weeks)),
    calibrated: payload.calibrator !== null,
    importance: payload.importance !== null,
    acceptedBy: row.endpointId === null ? null : row.decidedBy,
    reason: row.reason,
  };
}

type ProposalRow = {
  readonly id: number;
  readonly reason: string | null;
  readonly proposedBy: string;
  readonly proposedById: string | null;
  readonly createdAt: Date;
};

export function proposalView(row: ProposalRow, { from, to, n }: BaselinePayload): BaselineProposal {
  const { id, proposedBy, proposedById, createdAt } = row;
  return { id, from, to, n, reason: row.reason ?? "", proposedBy, proposedById, proposedAt: createdAt.toISOString() };
}

/**
 * What is estimated of the reference itself, to compare a window's estimate with; null without a calibrator. Its scores are known by the
 * baseline's hundred bins only: each counts as its middle, which costs about 1e-3.
 */
export function referencePerformance({ columns, calibrator }: BaselinePayload, threshold: number) {
  const [score] = columns;
  if (!calibrator || !score || score.kind === "excluded") return null;
  const { edges, counts, kind } = score;
  const rows = counts.flatMap((n, bin) => {
    const [below, upTo] = [edges[bin - 1], edges[bin]];
    const middle = kind === "values" ? upTo : ((below ?? upTo ?? 0) + (upTo ?? below ?? 0)) / 2;
    return n === 0 || middle === undefined ? [] : [{ n, score: middle, p: calibrated(calibrator, middle) }];
  });
  const found = estimateRows(rows, threshold);
  return found && performanceOf(found);
}
