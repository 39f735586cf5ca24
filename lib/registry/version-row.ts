import { z } from "zod";
import { datasetPin, evaluation, modelSchema, versionFile } from "@/lib/registry/model-schema";
import {
  type ModelVersion,
  precision,
  type Serving,
  VERSION_STATES,
  type VersionSummary,
  verification,
} from "@/lib/registry/schema";

const state = z.enum(VERSION_STATES);

/** A row of model_version with the name of its model; what is JSON in the table is checked on the way out. */
export type VersionRow = {
  readonly number: number;
  readonly state: string;
  readonly stateReason: string | null;
  readonly digest: string;
  readonly files: unknown;
  readonly schema: unknown;
  readonly evaluation: unknown;
  readonly dataset: unknown;
  readonly codeRevision: string;
  readonly precision: string | null;
  readonly verification: unknown;
  readonly registeredBy: string;
  readonly createdAt: Date;
  readonly verifiedAt: Date | null;
};

export function toVersion(model: string, row: VersionRow): ModelVersion {
  return {
    model,
    number: row.number,
    state: state.parse(row.state),
    stateReason: row.stateReason,
    digest: row.digest,
    files: z.array(versionFile).parse(row.files),
    schema: modelSchema.parse(row.schema),
    evaluation: evaluation.parse(row.evaluation),
    dataset: datasetPin.parse(row.dataset),
    codeRevision: row.codeRevision,
    precision: precision.nullable().parse(row.precision),
    verification: verification.nullable().parse(row.verification),
    registeredBy: row.registeredBy,
    createdAt: row.createdAt.toISOString(),
    verifiedAt: row.verifiedAt?.toISOString() ?? null,
  };
}

/** The columns of a version that is named beside another. */
export const VARIANT_COLUMNS = { select: { number: true, precision: true, state: true } } as const;

export function toVariant(row: { readonly number: number; readonly precision: string | null; readonly state: string }) {
  return { number: row.number, precision: precision.nullable().parse(row.precision), state: state.parse(row.state) };
}

/** A revision of the version, with the endpoint that has it. */
export type RevisionRow = {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly servedAt: Date | null;
  readonly endpoint: {
    readonly name: string;
    readonly environment: string;
    readonly servingId: string | null;
    readonly warmId: string | null;
    readonly useCase: { readonly slug: string };
  };
};

export function toServing({ id, number, name, servedAt, endpoint }: RevisionRow): Serving {
  return {
    endpoint: endpoint.name,
    environment: endpoint.environment,
    useCase: endpoint.useCase.slug,
    revision: name,
    number,
    role: endpoint.servingId === id ? "serving" : endpoint.warmId === id ? "warm" : "past",
    since: servedAt?.toISOString() ?? null,
  };
}

type SummaryRow = Omit<VersionRow, "files" | "schema" | "dataset" | "verification" | "verifiedAt"> & {
  readonly parent: { readonly number: number } | null;
  readonly revisions: readonly { readonly servingOn: readonly { readonly name: string }[] }[];
};

export function toSummary(row: SummaryRow): VersionSummary {
  return {
    number: row.number,
    state: state.parse(row.state),
    stateReason: row.stateReason,
    digest: row.digest,
    metrics: evaluation.shape.metrics.parse((row.evaluation as { readonly metrics?: unknown }).metrics),
    codeRevision: row.codeRevision,
    precision: precision.nullable().parse(row.precision),
    variantOf: row.parent?.number ?? null,
    registeredBy: row.registeredBy,
    createdAt: row.createdAt.toISOString(),
    serves: row.revisions.flatMap((revision) => revision.servingOn.map((endpoint) => endpoint.name)),
  };
}
