import { type EvidenceRun, runKind, runProgress, runState } from "./evidence-run";

export type RunRow = {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly reason: string | null;
  readonly progress: unknown;
  readonly evidenceId: string | null;
  readonly requestedBy: string;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly modelVersion: { readonly number: number; readonly model: { readonly name: string } };
  readonly contract: { readonly number: number; readonly useCase: { readonly slug: string } };
};

/** The columns that `toRun` reads. */
export const RUN_COLUMNS = {
  modelVersion: { select: { number: true, model: { select: { name: true } } } },
  contract: { select: { number: true, useCase: { select: { slug: true } } } },
} as const;

export function toRun(row: RunRow): EvidenceRun {
  return {
    id: row.id,
    kind: runKind.parse(row.kind),
    state: runState.parse(row.state),
    reason: row.reason,
    progress: runProgress.nullable().parse(row.progress ?? null),
    model: row.modelVersion.model.name,
    version: row.modelVersion.number,
    useCase: row.contract.useCase.slug,
    contract: row.contract.number,
    evidenceId: row.evidenceId,
    requestedBy: row.requestedBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
