import { z } from "zod";
import type { AuditActor } from "@/lib/audit/schema";
import { contractDocument } from "@/lib/contracts/document";
import { contractRef, useCaseRef } from "@/lib/contracts/schema";
import { drillReport } from "@/lib/governance/drill-report";
import { feasibility } from "@/lib/serving/alternatives";
import { verdict } from "@/lib/serving/feasibility";
import { loadCurve } from "@/lib/serving/load-curve";
import { text } from "@/lib/text";

export const RUN_KINDS = ["load", "drill"] as const;
export const runKind = z.enum(RUN_KINDS);
export type RunKind = z.output<typeof runKind>;
export const RUN_STATES = ["queued", "running", "passed", "failed", "cancelled"] as const;
export const runState = z.enum(RUN_STATES);
export type RunState = z.output<typeof runState>;

/** The process that measures: its name in audit events and on evidence. */
export const EVIDENCE_RUNS: AuditActor = { email: "evidence run", kind: "process" };

export const runProgress = z.object({ step: z.number().int(), steps: z.number().int(), text: z.string() });
export type RunProgress = z.output<typeof runProgress>;

const modelName = text({ min: 1, max: 100, missing: "choose a model" });
const versionNumber = z.coerce.number("choose a version").int().min(1, "choose a version").max(2_147_483_647);

/** A measurement of a version under a contract; the contract may be a draft for a load test. */
export const requestEvidenceRunInput = contractRef.extend({ model: modelName, version: versionNumber, kind: runKind });
export const evidenceRunKey = z.object({ id: z.uuid() });
export const versionKey = z.object({ name: modelName, version: versionNumber });

export const evidenceRun = z.object({
  id: z.string(),
  kind: runKind,
  state: runState,
  /** Why it failed, or what it found. */
  reason: z.string().nullable(),
  progress: runProgress.nullable(),
  model: z.string(),
  version: z.number().int(),
  useCase: z.string(),
  contract: z.number().int(),
  evidenceId: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
});
export type EvidenceRun = z.output<typeof evidenceRun>;

export const evidenceRunDetail = evidenceRun.extend({
  curve: loadCurve.nullable(),
  drill: drillReport.nullable(),
});
export type EvidenceRunDetail = z.output<typeof evidenceRunDetail>;

const recorded = { id: z.string(), digest: z.string(), recordedBy: z.string(), recordedAt: z.iso.datetime() };

/** Load curves and drills of a version, the newest first (20 of each), and its runs (50). */
export const versionEvidence = z.object({
  curves: z.array(z.object({ ...recorded, curve: loadCurve })),
  drills: z.array(z.object({ ...recorded, drill: drillReport })),
  runs: z.array(evidenceRun),
});
export type VersionEvidence = z.output<typeof versionEvidence>;

export const importLoadInput = versionKey.extend({
  /** `k6`: JSON of `--summary-export` or of `handleSummary`. `perf_analyzer`: the CSV of `-f`. */
  format: z.enum(["k6", "perf_analyzer"]),
  /** The report as it was written. */
  content: z.string().min(1, "hand in the report").max(4_000_000, "a report of at most 4 MB"),
  /** What the report calls itself, for example the number of a pipeline. */
  runId: text({ min: 1, max: 200, missing: "say which run it is" }),
  target: z.enum(["local", "kubernetes"]),
  tier: z.enum(["cpu", "gpu", "edge"]),
  /** Rows in each request, where the report does not say. */
  rowsPerRequest: z.coerce.number().int().min(1).max(4096).default(1),
  /** When it was measured. */
  startedAt: z.iso.datetime(),
});
export type ImportLoadInput = z.output<typeof importLoadInput>;
export const importedLoad = z.object({ evidenceId: z.string(), digest: z.string(), curve: loadCurve });

const named = z.object({ model: modelName, version: versionNumber });
/** A version that is meant to serve under the contract: `{model, version}`, or `model:3` in a query string. */
export const candidate = z.union([
  named,
  z
    .string()
    .regex(/^.{1,100}:\d{1,9}$/, "a model and a version, for example flight-delay:3")
    .transform((value) => ({
      model: value.slice(0, value.lastIndexOf(":")),
      version: Number(value.slice(value.lastIndexOf(":") + 1)),
    })),
]);
export type Candidate = z.output<typeof named>;

export const contractFeasibilityInput = useCaseRef.extend({
  /** A version of the contract; or else `document`, as an editor holds it. */
  n: contractRef.shape.n.optional(),
  document: contractDocument.optional(),
  candidate: candidate.optional(),
});

/** What a measured curve of one version says of a contract. */
export const versionFeasibility = z.object({
  model: z.string(),
  version: z.number().int(),
  /** Endpoints of the use case that it serves on; empty: it is the named candidate only. */
  servesOn: z.array(z.string()),
  evidenceId: z.string().nullable(),
  curve: loadCurve.nullable(),
  /** Null: no measured curve. */
  feasibility: feasibility.nullable(),
});
export type VersionFeasibility = z.output<typeof versionFeasibility>;

export const contractFeasibility = z.object({
  verdict,
  words: z.string(),
  versions: z.array(versionFeasibility),
});
export type ContractFeasibility = z.output<typeof contractFeasibility>;
