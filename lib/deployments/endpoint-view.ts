import { inferenceUrlOf, observedSummaryOf, outcomeOf, readObserved } from "./observed-state";
import { clock, type Endpoint, environment, type RevisionSummary, tier } from "./schema";
import { countClauses, worstOf } from "./worst-clause";

export type RevisionRow = {
  readonly name: string;
  readonly createdAt: Date;
  readonly servedAt: Date | null;
  readonly contractId: string;
  readonly contract: { readonly number: number; readonly digest: string | null };
  readonly modelVersion: {
    readonly number: number;
    readonly digest: string;
    readonly model: { readonly name: string };
  };
};

export type EndpointRow = {
  readonly name: string;
  readonly environment: string;
  readonly tier: string;
  readonly target: string;
  readonly clock: string;
  readonly generation: number;
  readonly observed: unknown;
  readonly observedAt: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly useCase: { readonly slug: string; readonly name: string };
  readonly cluster: { readonly name: string; readonly config: unknown } | null;
  readonly serving: RevisionRow | null;
  readonly warm: RevisionRow | null;
  readonly clauseStates: readonly { readonly state: string; readonly contractId: string }[];
};

const REVISION = {
  select: {
    name: true,
    createdAt: true,
    servedAt: true,
    contractId: true,
    contract: { select: { number: true, digest: true } },
    modelVersion: { select: { number: true, digest: true, model: { select: { name: true } } } },
  },
} as const;

/** The columns that `toEndpoint` reads. */
export const ENDPOINT_COLUMNS = {
  useCase: { select: { slug: true, name: true } },
  cluster: { select: { name: true, config: true } },
  serving: REVISION,
  warm: REVISION,
  clauseStates: { select: { state: true, contractId: true } },
} as const;

function toRevision(row: RevisionRow | null): RevisionSummary | null {
  if (row === null) return null;
  return {
    revision: row.name,
    model: row.modelVersion.model.name,
    version: row.modelVersion.number,
    versionDigest: row.modelVersion.digest,
    contract: row.contract.number,
    contractDigest: row.contract.digest,
    createdAt: row.createdAt.toISOString(),
    servedAt: row.servedAt?.toISOString() ?? null,
  };
}

/** An endpoint as it is shown and answered, at `now`. */
export function toEndpoint(row: EndpointRow, now: Date): Endpoint {
  // A state under an older contract says nothing about the one in force.
  const inForce = row.clauseStates.filter(({ contractId }) => contractId === row.serving?.contractId);
  const clauses = countClauses(inForce.map(({ state }) => state));
  const desired = { generation: row.generation, serving: row.serving?.name ?? null };
  return {
    name: row.name,
    useCase: { slug: row.useCase.slug, name: row.useCase.name },
    environment: environment.parse(row.environment),
    tier: tier.parse(row.tier),
    target: row.target === "kubernetes" ? "kubernetes" : "local",
    cluster: row.cluster?.name ?? null,
    clock: clock.parse(row.clock),
    generation: row.generation,
    inferenceUrl: inferenceUrlOf(row.name, row.observed, row.cluster),
    serving: toRevision(row.serving),
    warm: toRevision(row.warm),
    contractInForce: row.serving && { number: row.serving.contract.number, digest: row.serving.contract.digest },
    observed: observedSummaryOf(row, now),
    settled: outcomeOf(desired, readObserved(row.observed)).kind === "serves",
    clauses,
    worstClause: worstOf(clauses),
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
  };
}
